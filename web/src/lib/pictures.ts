// Pictures that the browser makes: an SVG as PNG, and saving a file.
export function pngOf(svgAddress: string, side: number): Promise<Blob | null> {
  return new Promise((done) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = side;
      canvas.height = side;
      canvas.getContext('2d')?.drawImage(image, 0, 0, side, side);
      canvas.toBlob(done, 'image/png');
    };
    image.onerror = () => done(null);
    image.src = svgAddress;
  });
}

export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
