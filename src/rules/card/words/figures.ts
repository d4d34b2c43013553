const unitBytes = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A size as people read it: `512 bytes`, `1.2 GiB`. */
export function bytes(count: number): string {
  const power = Math.min(
    unitBytes.length - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(1, count)) / 10)),
  );
  const value = count / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${unitBytes[power] ?? ''}`;
}

/** A number with its thousands apart: `1,234,567`. */
export function thousands(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/gu, ',');
}
