import { type Json, listOf, objectOf, stringOf } from './blocks.ts';
import { blocksOf, type SlackEphemeral, type SlackMessage } from './message.ts';
import type { StoredModal } from './workspace.ts';

/** What Slack sends when somebody presses something. docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function clickPayload(click: {
  readonly target: SlackMessage | SlackEphemeral;
  readonly action: Json;
  readonly user: string;
  readonly triggerId: string;
  readonly channelName: string;
  readonly responseUrl: string;
}): Json {
  const { target } = click;
  const isEphemeral = 'user' in target;
  return {
    ...header(click.user),
    type: 'block_actions',
    trigger_id: click.triggerId,
    container: {
      type: 'message',
      message_ts: target.ts,
      channel_id: target.channel,
      is_ephemeral: isEphemeral,
    },
    channel: { id: target.channel, name: click.channelName },
    ...(isEphemeral ? {} : { message: { ...target.raw, ts: target.ts } }),
    state: { values: {} },
    response_url: click.responseUrl,
    actions: [click.action],
  };
}

/** What Slack sends when somebody presses something on the bot's own page: no message, no response URL. */
export function homeClickPayload(click: {
  readonly user: string;
  readonly view: Json;
  readonly action: Json;
  readonly triggerId: string;
}): Json {
  return {
    ...header(click.user),
    type: 'block_actions',
    trigger_id: click.triggerId,
    container: { type: 'view', view_id: 'V0HOME' },
    view: { ...click.view, id: 'V0HOME', hash: 'h' },
    actions: [click.action],
  };
}

/** What Slack sends for a slash command, escaped the way Slack escapes. docs.slack.dev/interactivity/implementing-slash-commands */
export function slashPayload(slash: {
  readonly line: string;
  readonly user: string;
  readonly channel: { readonly id: string; readonly name: string };
  readonly triggerId: string;
  readonly responseUrl: string;
}): Json {
  const [command = '', ...words] = slash.line.split(' ');
  const text = words
    .join(' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return {
    token: 'verification-token',
    team_id: 'T0ACME',
    team_domain: 'acme',
    channel_id: slash.channel.id,
    channel_name: slash.channel.name,
    user_id: slash.user,
    user_name: slash.user.toLowerCase(),
    command,
    text,
    api_app_id: 'A0NIGHTKEEPER',
    is_enterprise_install: 'false',
    response_url: slash.responseUrl,
    trigger_id: slash.triggerId,
  };
}

/** What Slack sends for a submitted modal. docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export function submitPayload(modal: StoredModal, state: Json, triggerId: string): Json {
  return {
    ...header(modal.user),
    type: 'view_submission',
    trigger_id: triggerId,
    view: { ...modal.raw, id: modal.id, hash: modal.hash, state: { values: state } },
    response_urls: [],
  };
}

/** Types into the fields of a modal; undefined when one that must be filled is empty, with Slack's word under it. */
export function fillModal(
  modal: StoredModal,
  values: Readonly<Record<string, string>>,
): Json | undefined {
  const state: Record<string, Json> = {};
  for (const block of inputsOf(modal)) {
    const action = actionOf(block);
    const element = objectOf(block['element']);
    const initial = stringOf(objectOf(element['initial_option'])['value']);
    const value = values[action] ?? (initial || stringOf(element['initial_value']));
    if (value === '' && block['optional'] !== true) {
      modal.errors = { ...modal.errors, [action]: 'Please complete this required field.' };
      return undefined;
    }
    state[stringOf(block['block_id'])] = { [action]: stateOf(element, value) };
  }
  return state;
}

/** The state of a filled field. docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
function stateOf(element: Json, value: string): Json {
  const type = stringOf(element['type']);
  const chosen = listOf(element['options']).find((option) => option['value'] === value);
  if (value !== '' && chosen === undefined && (type === 'static_select' || type === 'checkboxes'))
    throw new Error(`there is no option ${value}`);
  switch (type) {
    case 'static_select':
      return { type, selected_option: chosen ?? null };
    case 'checkboxes':
      return { type, selected_options: chosen === undefined ? [] : [chosen] };
    case 'datetimepicker':
      return { type, selected_date_time: value === '' ? null : Number(value) };
    default:
      return { type, value: value === '' ? null : value };
  }
}

/** Does with a modal what the acknowledgement of its submission says. */
export function applyAck(modal: StoredModal, ack: Json): void {
  switch (ack['response_action']) {
    case 'update':
      modal.replace(objectOf(ack['view']));
      return;
    case 'errors': {
      const errors = objectOf(ack['errors']);
      modal.errors = Object.fromEntries(
        inputsOf(modal)
          .map((block) => [actionOf(block), stringOf(errors[stringOf(block['block_id'])])])
          .filter(([, error]) => error !== ''),
      ) as Record<string, string>;
      return;
    }
    default:
      modal.open = false;
  }
}

function inputsOf(modal: StoredModal): readonly Json[] {
  return blocksOf(modal.raw).filter((block) => block['type'] === 'input');
}

function actionOf(block: Json): string {
  return stringOf(objectOf(block['element'])['action_id']);
}

function header(user: string): Json {
  return {
    user: { id: user, username: user.toLowerCase(), name: user.toLowerCase(), team_id: 'T0ACME' },
    api_app_id: 'A0NIGHTKEEPER',
    token: 'verification-token',
    team: { id: 'T0ACME', domain: 'acme' },
    enterprise: null,
    is_enterprise_install: false,
  };
}
