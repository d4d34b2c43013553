/** Makes pictures of drawings. */
export interface Painter {
  /** The drawing as PNG. Throws when it cannot be read. */
  png(svg: string): Promise<Uint8Array>;
}
