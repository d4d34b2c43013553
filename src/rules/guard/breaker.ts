/** Part of the members that may be out before the bot does nothing by itself any more. Cruise Control gives up at the same part. */
const outPartMax = 0.4;

/** Whether so much of an ensemble is out that it is no fault of single servers any more. */
export function isTooMuchOut(out: readonly string[], members: number): boolean {
  return out.length > outPartMax * members;
}
