/** Whether this browser can keep an inspection: an encrypted page (or localhost), and a place for data. */
export const canKeep = (): boolean => window.isSecureContext && 'indexedDB' in window && 'serviceWorker' in navigator;

/** Keeps the pages on the device and asks the browser not to throw away what is kept. */
export async function keepShell(): Promise<void> {
  await navigator.serviceWorker.register('/sw.js');
  await navigator.storage?.persist?.().catch(() => false);
}
