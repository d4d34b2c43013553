/** Whether an option says yes, in either language. */
export function isYes(option: string | undefined): boolean {
  return ['yes', 'y', '是'].includes((option ?? '').toLowerCase());
}
