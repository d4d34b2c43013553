/** Leaves out what belongs to a drill: nothing real is decided by it. */
export async function realOnly<T extends { readonly drill?: string }>(
  all: Promise<readonly T[]>,
): Promise<readonly T[]> {
  return (await all).filter(({ drill }) => drill === undefined);
}
