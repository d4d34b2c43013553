import type { ConfigFault } from '../model/config-fault.ts';
import type { ConfigDocument, Path } from './document.ts';
import { get, list, section } from './look.ts';

/** What the section `sms` and its destinations say that cannot be. */
export function smsFaults(document: ConfigDocument): readonly ConfigFault[] {
  const { values } = document;
  const sms = get(values, 'sms');
  if (sms === undefined) return [];
  return [
    ...oneOf(document, ['sms'], ['twilio', 'aliyun']),
    ...(get(sms, 'twilio') === undefined ? [] : twilioFaults(document)),
    ...templateFaults(document),
    ...nobodyFaults(document),
  ];
}

function twilioFaults(document: ConfigDocument): readonly ConfigFault[] {
  const path = ['sms', 'twilio'];
  const has = (key: string): boolean => get(document.values, ...path, key) !== undefined;
  const pair =
    has('apiKey') && !has('apiKeySecret')
      ? [document.at(path, { kind: 'missing', key: 'apiKeySecret', want: 'text' })]
      : [];
  const alone =
    has('apiKeySecret') && !has('apiKey')
      ? [document.at(path, { kind: 'missing', key: 'apiKey', want: 'twilio-key' })]
      : [];
  return [
    ...(pair.length + alone.length > 0 ? [] : oneOf(document, path, ['authToken', 'apiKey'])),
    ...pair,
    ...alone,
    ...oneOf(document, path, ['from', 'messagingService']),
  ];
}

function templateFaults(document: ConfigDocument): readonly ConfigFault[] {
  const path = ['sms', 'aliyun', 'templates'];
  const templates = get(document.values, ...path);
  return templates === undefined || Object.keys(section(templates)).length > 0
    ? []
    : [document.at(path, { kind: 'empty-list' })];
}

/** A destination without numbers is for people who are called: somebody must have a phone. */
function nobodyFaults(document: ConfigDocument): readonly ConfigFault[] {
  const { values } = document;
  const people = Object.values(section(get(values, 'people')));
  if (people.some((person) => get(person, 'phone') !== undefined)) return [];
  return Object.entries(section(get(values, 'destinations'))).flatMap(([id, destination]) => {
    const numbers = get(destination, 'sms');
    return Array.isArray(numbers) && list(numbers).length === 0
      ? [document.at(['destinations', id, 'sms'], { kind: 'empty-list' })]
      : [];
  });
}

/** Exactly one of these keys is needed. */
function oneOf(
  document: ConfigDocument,
  path: Path,
  keys: readonly string[],
): readonly ConfigFault[] {
  const given = keys.filter((key) => get(document.values, ...path.map(String), key) !== undefined);
  return given.length === 1 ? [] : [document.at(path, { kind: 'not-one', keys, given })];
}
