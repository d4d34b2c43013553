// @ts-check

/**
 * Makes `from` look like `to` by changing only what differs: elements keep their identity (by id, else by place and kind), so that
 * focus, open folds and a running button survive a redraw and nothing flickers.
 * @param {Element} from
 * @param {Element} to
 */
export function morph(from, to) {
  morphAttributes(from, to);
  const wanted = [...to.childNodes];
  /** @type {Node | null} */
  let cursor = from.firstChild;
  for (const node of wanted) {
    const match = findMatch(from, cursor, node);
    if (match === undefined) {
      from.insertBefore(document.importNode(node, true), cursor);
      continue;
    }
    if (match !== cursor) from.insertBefore(match, cursor);
    else cursor = cursor.nextSibling;
    if (match instanceof Element && node instanceof Element) morph(match, node);
    else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
  }
  while (cursor !== null) {
    const next = cursor.nextSibling;
    from.removeChild(cursor);
    cursor = next;
  }
}

/**
 * The old node that is to become the new one: the one with its id, wherever it hangs among these, else the next one if it is of
 * the same kind.
 * @param {Element} parent
 * @param {Node | null} cursor
 * @param {Node} node
 * @returns {Node | undefined}
 */
function findMatch(parent, cursor, node) {
  if (node instanceof Element && node.id !== '') {
    for (const child of parent.children) if (child.id === node.id) return child;
    return undefined;
  }
  if (cursor === null || cursor.nodeType !== node.nodeType) return undefined;
  if (!(cursor instanceof Element) || !(node instanceof Element)) return cursor;
  return cursor.id === '' && cursor.tagName === node.tagName ? cursor : undefined;
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function morphAttributes(from, to) {
  for (const { name } of Array.from(from.attributes))
    if (!to.hasAttribute(name) && !isReaders(from, name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes)
    if (from.getAttribute(name) !== value && !isReaders(from, name)) from.setAttribute(name, value);
}

/**
 * What belongs to the reader, not to the server: whether a fold is open, and a button that is running.
 * @param {Element} element
 * @param {string} name
 */
function isReaders(element, name) {
  if (name === 'open') return element.tagName === 'DETAILS';
  return (
    ['data-running', 'disabled', 'aria-busy'].includes(name) && element.hasAttribute('data-running')
  );
}
