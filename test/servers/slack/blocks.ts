/** JSON as it comes over the wire. */
export type Json = Readonly<Record<string, unknown>>;

/** Limits of Block Kit (CHAT §4), from docs.slack.dev/reference/block-kit and the types of @slack/types; the sum is bolt-js#2509. */
const max = {
  messageBlocks: 50,
  viewBlocks: 100,
  sum: 13_200,
  section: 3000,
  field: 2000,
  fields: 10,
  header: 150,
  contextElements: 10,
  contextText: 2000,
  actions: 25,
  id: 255,
  buttonText: 75,
  value: 2000,
  url: 3000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  options: 5,
  selectOptions: 100,
  boxes: 10,
  optionText: 75,
  optionValue: 75,
  viewTitle: 24,
  privateMetadata: 3000,
  inputLabel: 2000,
} as const;

/** What Slack answers to blocks it does not take: the error and, with `invalid_blocks`, where (CHAT S8). */
export interface BlocksRefusal {
  readonly error: 'invalid_blocks' | 'msg_blocks_too_long' | 'view_too_large' | 'invalid_arguments';
  readonly where: readonly string[];
}

/** Checks the blocks of a message: its own and those of its attachments together. */
export function refuseMessage(
  blocks: readonly Json[],
  attachments: readonly Json[],
): BlocksRefusal | undefined {
  const inside = attachments.flatMap((attachment) => listOf(attachment['blocks']));
  const all = [...blocks, ...inside];
  const faults = all.flatMap((block, index) => faultsOf(block, `/blocks/${index}`, 'message'));
  if (all.length > max.messageBlocks) faults.push(`more than ${max.messageBlocks} blocks`);
  faults.push(...repeated(all, 'block_id'));
  if (faults.length > 0) return { error: 'invalid_blocks', where: faults };
  const sum = all.reduce<number>((total, block) => total + textLength(block), 0);
  return sum > max.sum ? { error: 'msg_blocks_too_long', where: [`${sum} characters`] } : undefined;
}

/** Checks a modal. */
export function refuseView(view: Json): BlocksRefusal | undefined {
  const blocks = listOf(view['blocks']);
  const faults = blocks.flatMap((block, index) => faultsOf(block, `/view/blocks/${index}`, 'view'));
  const isHome = view['type'] === 'home';
  if (!isHome) faults.push(...plain(view['title'], '/view/title', max.viewTitle));
  for (const name of ['submit', 'close'])
    if (view[name] !== undefined) faults.push(...plain(view[name], `/view/${name}`, max.viewTitle));
  if (view['type'] !== 'modal' && !isHome) faults.push('/view/type');
  if (blocks.length > max.viewBlocks) faults.push(`more than ${max.viewBlocks} blocks`);
  if (stringOf(view['private_metadata']).length > max.privateMetadata)
    faults.push(`/view/private_metadata over ${max.privateMetadata}`);
  if (stringOf(view['callback_id']).length > max.id) faults.push('/view/callback_id');
  const inputs = blocks.some((block) => block['type'] === 'input');
  if (inputs && view['submit'] === undefined)
    faults.push('/view/submit is missing beside an input');
  return faults.length > 0 ? { error: 'invalid_arguments', where: faults } : undefined;
}

function faultsOf(block: Json, at: string, surface: 'message' | 'view'): string[] {
  const faults = idFaults(block, 'block_id', at);
  switch (block['type']) {
    case 'header':
      return [...faults, ...plain(block['text'], `${at}/text`, max.header)];
    case 'divider':
      return faults;
    case 'section': {
      const fields = listOf(block['fields']);
      if (block['text'] === undefined && fields.length === 0) faults.push(`${at} is empty`);
      if (block['text'] !== undefined)
        faults.push(...text(block['text'], `${at}/text`, max.section));
      if (fields.length > max.fields) faults.push(`${at}/fields over ${max.fields}`);
      fields.forEach((field, index) =>
        faults.push(...text(field, `${at}/fields/${index}`, max.field)),
      );
      return faults;
    }
    case 'context': {
      const elements = listOf(block['elements']);
      if (elements.length === 0 || elements.length > max.contextElements)
        faults.push(`${at}/elements must be 1 to ${max.contextElements}`);
      elements.forEach((element, index) =>
        faults.push(...text(element, `${at}/elements/${index}`, max.contextText)),
      );
      return faults;
    }
    case 'actions': {
      const elements = listOf(block['elements']);
      if (elements.length === 0 || elements.length > max.actions)
        faults.push(`${at}/elements must be 1 to ${max.actions}`);
      elements.forEach((element, index) =>
        faults.push(...elementFaults(element, `${at}/elements/${index}`)),
      );
      return [...faults, ...repeated(elements, 'action_id')];
    }
    case 'input': {
      if (surface === 'message') faults.push(`${at}: no input in a message`);
      const element = objectOf(block['element']);
      faults.push(...fieldFaults(element, `${at}/element`));
      return [
        ...faults,
        ...plain(block['label'], `${at}/label`, max.inputLabel),
        ...idFaults(element, 'action_id', `${at}/element`),
      ];
    }
    default:
      return [`${at}: unsupported type ${String(block['type'])}`];
  }
}

/** What may stand in an input: texts, selects, moments and boxes, from the types of @slack/types. */
function fieldFaults(element: Json, at: string): string[] {
  switch (element['type']) {
    case 'plain_text_input':
    case 'datetimepicker':
      return [];
    case 'static_select':
      return optionFaults(element, at, max.selectOptions);
    case 'checkboxes':
      return optionFaults(element, at, max.boxes);
    default:
      return [`${at}/type ${String(element['type'])}`];
  }
}

function optionFaults(element: Json, at: string, most: number): string[] {
  const options = listOf(element['options']);
  const faults =
    options.length === 0 || options.length > most ? [`${at}/options must be 1 to ${most}`] : [];
  options.forEach((option, index) => {
    faults.push(...plain(option['text'], `${at}/options/${index}/text`, max.optionText));
    if (stringOf(option['value']).length > max.optionValue || stringOf(option['value']) === '')
      faults.push(`${at}/options/${index}/value`);
  });
  const initial = element['initial_option'];
  if (initial !== undefined && !options.some((one) => isEqual(one, objectOf(initial))))
    faults.push(`${at}/initial_option is none of the options`);
  return faults;
}

function isEqual(one: Json, other: Json): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function elementFaults(element: Json, at: string): string[] {
  const faults = idFaults(element, 'action_id', at);
  if (element['confirm'] !== undefined) faults.push(...confirmFaults(element['confirm'], at));
  switch (element['type']) {
    case 'button':
      faults.push(...plain(element['text'], `${at}/text`, max.buttonText));
      if (stringOf(element['value']).length > max.value) faults.push(`${at}/value`);
      if (stringOf(element['url']).length > max.url) faults.push(`${at}/url`);
      if (!['primary', 'danger', undefined].includes(element['style'] as string | undefined))
        faults.push(`${at}/style`);
      return faults;
    case 'overflow': {
      const options = listOf(element['options']);
      if (options.length === 0 || options.length > max.options)
        faults.push(`${at}/options must be 1 to ${max.options}`);
      options.forEach((option, index) => {
        faults.push(...plain(option['text'], `${at}/options/${index}/text`, max.optionText));
        if (stringOf(option['value']).length > max.optionValue)
          faults.push(`${at}/options/${index}/value over ${max.optionValue}`);
        if (stringOf(option['url']).length > max.url) faults.push(`${at}/options/${index}/url`);
      });
      return faults;
    }
    default:
      return [`${at}: unsupported element ${String(element['type'])}`];
  }
}

function confirmFaults(value: unknown, at: string): string[] {
  const confirm = objectOf(value);
  return [
    ...plain(confirm['title'], `${at}/confirm/title`, max.confirmTitle),
    ...text(confirm['text'], `${at}/confirm/text`, max.confirmText),
    ...plain(confirm['confirm'], `${at}/confirm/confirm`, max.confirmButton),
    ...plain(confirm['deny'], `${at}/confirm/deny`, max.confirmButton),
  ];
}

function idFaults(holder: Json, name: string, at: string): string[] {
  const id = holder[name];
  if (id === undefined) return [];
  return typeof id === 'string' && id.length > 0 && id.length <= max.id ? [] : [`${at}/${name}`];
}

function plain(value: unknown, at: string, limit: number): string[] {
  return objectOf(value)['type'] === 'plain_text'
    ? text(value, at, limit)
    : [`${at} is not plain_text`];
}

function text(value: unknown, at: string, limit: number): string[] {
  const { type, text: words } = objectOf(value);
  if (type !== 'plain_text' && type !== 'mrkdwn') return [`${at}/type`];
  if (typeof words !== 'string' || words.length === 0) return [`${at} is empty`];
  // A half surrogate pair becomes U+FFFD on its way over the wire.
  if (/[\uFFFD\p{Surrogate}]/u.test(words)) return [`${at} is not well-formed`];
  return words.length > limit ? [`${at} has ${words.length} of ${limit} characters`] : [];
}

function repeated(holders: readonly Json[], name: string): string[] {
  const ids = holders.map((holder) => holder[name]).filter((id) => id !== undefined);
  return new Set(ids).size === ids.length ? [] : [`the same ${name} twice`];
}

/** The interactive elements of blocks, in order. */
export function elementsOf(blocks: readonly Json[]): readonly Json[] {
  return blocks
    .filter((block) => block['type'] === 'actions')
    .flatMap((block) => listOf(block['elements']));
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((total, item) => total + textLength(item), 0);
  }
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (total, [name, item]) =>
      total + (name === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  );
}

export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function stringOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
