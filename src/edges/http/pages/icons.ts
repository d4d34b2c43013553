import { type Html, html, trustedHtml } from '../html.ts';

/** Strokes of the icons, on a field of 16 × 16. Shape says what colour says, for those who see none. */
const strokes = {
  moon: '<path d="M13.2 9.9A5.7 5.7 0 0 1 6.1 2.8a5.7 5.7 0 1 0 7.1 7.1Z"/>',
  critical:
    '<path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4Z"/><path d="M8 4.8v3.8M8 11v.2"/>',
  warning: '<path d="M8 2.2 14.4 13H1.6Z"/><path d="M8 6.4v3M8 11.1v.2"/>',
  info: '<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.6M8 5v.2"/>',
  acknowledged:
    '<path d="M2.6 13.4c.4-2.6 2.4-4 5.4-4s5 1.4 5.4 4"/><circle cx="8" cy="5" r="2.7"/>',
  resolved: '<circle cx="8" cy="8" r="6.2"/><path d="m5.3 8.2 1.9 1.9 3.6-4"/>',
  leader: '<path d="m2.4 12.6-.6-7 3.7 2.6L8 3.4l2.5 4.8 3.7-2.6-.6 7Z"/>',
  serving: '<path d="m3 8.4 3.2 3.2L13 4.8"/>',
  bad: '<path d="m4 4 8 8M12 4l-8 8"/>',
  odd: '<path d="M5.6 5.9a2.5 2.5 0 1 1 3.6 2.3c-.9.5-1.2.9-1.2 1.8"/><path d="M8 12.6v.2"/>',
  eye: '<path d="M1.5 8S3.8 3.5 8 3.5 14.5 8 14.5 8 12.2 12.5 8 12.5 1.5 8 1.5 8Z"/><circle cx="8" cy="8" r="1.9"/>',
  blind:
    '<path d="M2.2 6.5c1 1.7 3.1 3.3 5.8 3.3s4.8-1.6 5.8-3.3M8 9.8v2.3M4.3 8.7l-1.2 2M11.7 8.7l1.2 2"/>',
  sun: '<circle cx="8" cy="8" r="3"/><path d="M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1"/>',
  auto: '<circle cx="8" cy="8" r="6.2"/><path d="M8 1.8v12.4a6.2 6.2 0 0 0 0-12.4Z" class="icon-fill"/>',
  globe:
    '<circle cx="8" cy="8" r="6.2"/><path d="M1.8 8h12.4M8 1.8c2.2 2 2.8 4 2.8 6.2S10.2 12.2 8 14.2C5.8 12.2 5.2 10.2 5.2 8S5.8 3.8 8 1.8Z"/>',
  arrow: '<path d="M3 8h10M9 4l4 4-4 4"/>',
  back: '<path d="M13 8H3M7 4 3 8l4 4"/>',
  chevron: '<path d="m4 6 4 4 4-4"/>',
  prompt: '<path d="m3 4.5 3.5 3.5L3 11.5M8.5 12h4.5"/>',
  book: '<path d="M8 4.2C6.5 3 4.5 2.7 2.2 2.8v9.4c2.3-.1 4.3.2 5.8 1.4 1.5-1.2 3.5-1.5 5.8-1.4V2.8C11.5 2.7 9.5 3 8 4.2Zm0 0v9.4"/>',
  bolt: '<path d="M9 1.6 3.4 9H8l-1 5.4L12.6 7H8Z"/>',
  out: '<path d="M6 2.5H2.8v11H6M6.5 8h7M10.5 5l3 3-3 3"/>',
  close: '<path d="m4 4 8 8M12 4l-8 8"/>',
};

export type IconName = keyof typeof strokes;

/** An icon that only accompanies words, so screen readers skip it. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${trustedHtml(strokes[name])}</svg>`;
}
