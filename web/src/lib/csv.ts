/** Tables as files: comma-separated, with cells that a spreadsheet cannot take for formulas. */
export type Cell = string | number;

export function downloadCsv(name: string, titles: string[], rows: Cell[][]): void {
  const lines = [titles, ...rows].map((cells) => cells.map(written).join(','));
  // The mark at the start tells spreadsheets that it is UTF-8.
  const file = new Blob(['\ufeff' + lines.join('\r\n') + '\r\n'], { type: 'text/csv;charset=utf-8' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function written(cell: Cell): string {
  const plain = String(cell);
  const safe = /^[=+\-@\t\r]/.test(plain) && Number.isNaN(Number(plain)) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
