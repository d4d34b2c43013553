/** A piece of markup whose values were escaped. Only `html` makes one. */
export interface Html {
  readonly kind: 'html';
  readonly text: string;
}

type Piece = Html | string | number | false | undefined | readonly (Html | false | undefined)[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (sign) => entities[sign] ?? sign);
}

/**
 * Markup in which every value is escaped, for text and for quoted attributes: html`<p title="${title}">${text}</p>`. `false` and
 * `undefined` draw nothing, a list draws its pieces one after the other.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  const text = strings.reduce((all, part, index) => all + draw(values[index - 1]) + part);
  return { kind: 'html', text };
}

export const nothing: Html = html``;

/** Markup that is known to be safe because this edge made it: rendered runbooks, whose own HTML was escaped. */
export function trustedHtml(text: string): Html {
  return { kind: 'html', text };
}

/** An address from a card that may stand in a link: http(s), or a path of this console. Undefined for anything else. */
export function safeHref(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return /^(?:https?:\/\/|\/(?![/\\]))/iu.test(address) ? address : undefined;
}

function draw(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escapeHtml(piece);
  if (typeof piece === 'number') return String(piece);
  if ('text' in piece) return piece.text;
  return piece.map(draw).join('');
}
