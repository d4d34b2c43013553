/*
 * What the card template in DingTalk's editor knows by name. docs/dingtalk has the same lists for whoever builds the template.
 */

/** Texts of the template, top to bottom. All but `kind`, `tone` and `title` are Markdown, and stand for nothing when empty. */
export const cardTexts = [
  /** `card`; `line` for what is said beside a card. */
  'kind',
  /** `critical`, `warning`, `info`, `acknowledged` or `resolved`, for whoever wants colours. */
  'tone',
  'title',
  'meta',
  'notice',
  'grid',
  'meaning',
  'advice',
  'evidence',
  'symptoms',
  'trend',
  'recovery',
  'state',
  'links',
  /** Only the one who pressed sees it. */
  'answer',
] as const;

export type CardText = (typeof cardTexts)[number];

/**
 * Buttons of the template, left to right. Each shows the text of its name, is hidden when that is empty, and sends back the parameter
 * `press` with the text of `<name>_press`.
 */
export const cardButtons = [
  'ack',
  'unack',
  'escalate',
  'approve',
  'reject',
  'stop',
  'restart',
  'silence',
  'resolve',
  'note',
  'chart',
] as const;

export type CardButton = (typeof cardButtons)[number];

/** Buttons that ask once more, with the text of `<name>_confirm`. */
export const confirmedButtons: readonly CardButton[] = ['escalate'];

/** The parameter in which a button sends back what it is for. */
export const pressParameter = 'press';

/** Everything a card is made of, by the name of its variable. */
export type CardParams = Readonly<Record<string, string>>;

/** Every variable of the template. */
export const cardVariables: readonly string[] = [
  ...cardTexts,
  ...cardButtons.flatMap((name) => [
    name,
    `${name}_press`,
    ...(confirmedButtons.includes(name) ? [`${name}_confirm`] : []),
  ]),
];
