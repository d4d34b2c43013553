/*
 * Limits of Slack, in UTF-16 units where texts are concerned. Sources: the types of @slack/types, docs.slack.dev/reference/block-kit
 * and, where the documentation is silent, the thread named.
 */

/** `header` block. docs.slack.dev/reference/block-kit/blocks/header-block */
export const headerMax = 150;

/** Text of a `section`. docs.slack.dev/reference/block-kit/blocks/section-block */
export const sectionMax = 3000;

/** Blocks of a message, those of attachments included. docs.slack.dev/reference/block-kit/blocks */
export const blocksMax = 50;

/**
 * All texts of all blocks together: more is `msg_blocks_too_long` from about 13 200 on (slackapi/bolt-js#2509). We stay well below,
 * because nobody says how Slack counts.
 */
export const textSumMax = 12_500;

/** Top-level `text`: best below this. docs.slack.dev/reference/methods/chat.postMessage */
export const fallbackMax = 3000;

/** Label of a button, of an overflow option. docs.slack.dev/reference/block-kit/block-elements/button-element */
export const labelMax = 75;

/** Value of a button. */
export const valueMax = 2000;

/** Value of an option: 75 in @slack/types, 150 in older documentation. */
export const optionValueMax = 75;

/** Options of an overflow menu. docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element */
export const optionsMax = 5;

/**
 * Messages to one conversation: one a second, "with short bursts allowed" that nobody counts for us. docs.slack.dev/apis/web-api/
 * rate-limits
 */
export const conversationBudget = { burst: 10, everyMs: 1000 } as const;

/** `action_id` and `block_id`. */
export const idMax = 255;

/** Confirm dialogue. docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirmTitleMax = 100;
export const confirmTextMax = 300;
export const confirmButtonMax = 30;

/** Blocks of a modal or of the bot's own page. docs.slack.dev/reference/block-kit/blocks */
export const viewBlocksMax = 100;

/** Title, submit and close of a modal. docs.slack.dev/reference/views/modal-views */
export const viewLabelMax = 24;
export const privateMetadataMax = 3000;

/** Label of an input. docs.slack.dev/reference/block-kit/blocks/input-block */
export const inputLabelMax = 2000;

/** Options of a select. docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const choicesMax = 100;

/** Fields of one form besides its reason: more is a form for a console. */
export const fieldsMax = 5;

/** Description of a picture for those who do not see it. docs.slack.dev/reference/methods/files.getUploadURLExternal */
export const altMax = 1000;

/** Title of a file: about what Slack shows of it. */
export const fileTitleMax = 200;

/** A link longer than this is left out: the card would be all link. Slack takes 3000. */
export const linkMax = 500;

/** Our own shares of `textSumMax` for the parts of a card, so that no part pushes another one out. */
export const share = {
  meta: 300,
  notice: 500,
  grid: 2000,
  meaning: 900,
  advice: 900,
  evidence: 1800,
  symptoms: 1200,
  spark: 150,
  recovery: 500,
  state: 500,
} as const;

/**
 * Columns of a block of code that a phone shows without folding a line: measured on a screen of 390 points with Slack's 12 point
 * monospace.
 */
export const phoneColumns = 42;

/** Letters of one section of a long list: below `sectionMax`, so that its dress fits too. */
export const listSectionMax = 2900;

/** One line of evidence or of symptoms. */
export const lineMax = 300;

/** Buttons in reach on one card; the console and `/zk` have the rest. A phone shows two rows of these. */
export const buttonsMax = 5;

/** Elements of a row of buttons. docs.slack.dev/reference/block-kit/blocks/actions-block */
export const elementsMax = 25;

/** Characters of a reason. */
export const reasonMax = 500;

/** A `trigger_id` lives 3 s (docs.slack.dev/interactivity); older than this we do not try, since the call itself takes time. */
export const triggerMs = 2500;
