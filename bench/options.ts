import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What was asked for, with the defaults of the rest. `--help` is among them everywhere: it prints the help and ends. */
export function optionsOf<const Options extends NonNullable<ParseArgsConfig['options']>>(
  help: string,
  options: Options,
) {
  const isHelpWanted = { help: { type: 'boolean' } } as const;
  const { values } = parseArgs<{ options: Options & typeof isHelpWanted }>({
    options: { ...options, ...isHelpWanted },
  });
  if ('help' in values) {
    console.log(help.trimEnd());
    process.exit();
  }
  return values;
}

/** The number of an option that counts something; what is no such number ends the bench before it begins. */
export function wholeNumber(name: string, text: string, least?: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && (least === undefined || number >= least)) return number;
  throw new Error(
    `--${name} is a whole number${least === undefined ? '' : ` of at least ${least}`}`,
  );
}
