import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import Components from 'unplugin-vue-components/vite';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// The development server passes /api on to the mock (npm run mock) or to a real `mineward serve`.
const server = process.env.MINEWARD_SERVER ?? 'http://127.0.0.1:8731';

/** Writes sw.js with the files of this build: worker/shell.js says what it does. Charts are left out: nobody draws one offline. */
function shellWorker(): Plugin {
  return {
    name: 'shell-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => /\.(js|css|woff2?)$/.test(name) && !name.includes('echarts')).sort().map((name) => `/${name}`);
      const list = ['/index.html', '/favicon.svg', ...files];
      const template = readFileSync(new URL('./worker/shell.js', import.meta.url), 'utf8');
      const version = createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 16);
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: template.replace('__VERSION__', version).replace('__FILES__', JSON.stringify(list)) });
    },
  };
}

export default defineConfig({
  plugins: [
    vue(),
    shellWorker(),
    Components({ dirs: [], dts: 'src/components.d.ts', resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_I18N_FULL_INSTALL__: true, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  server: { port: 5173, proxy: { '/api': { target: server, ws: true } } },
  build: {
    target: 'es2020',
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: {
        manualChunks(id) {
          if (/node_modules\/(echarts|zrender)\//.test(id)) return 'echarts';
          if (/node_modules\/(element-plus|@element-plus|@floating-ui|@popperjs|@sxzz|dayjs|lodash)/.test(id)) return 'element';
          if (id.includes('node_modules')) return 'vendor';
          return undefined;
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
});
