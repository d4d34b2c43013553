import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Painter } from '../../ports/painter.ts';

const require = createRequire(import.meta.url);

/** What is loaded; letters come with the bot, so that a picture looks the same on a machine without fonts. */
const files = [
  require.resolve('@resvg/resvg-wasm/index_bg.wasm'),
  require.resolve('@expo-google-fonts/roboto/400Regular/Roboto_400Regular.ttf'),
  require.resolve('@expo-google-fonts/roboto/500Medium/Roboto_500Medium.ttf'),
];

/** Loaded at the first picture, once for the process: most replicas draw none for days. */
let loading: Promise<readonly Uint8Array[]> | undefined;

function load(): Promise<readonly Uint8Array[]> {
  loading ??= begin().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function begin(): Promise<readonly Uint8Array[]> {
  const [wasm, ...letters] = await Promise.all(files.map((file) => readFile(file)));
  if (wasm !== undefined) await initWasm(wasm).catch(unlessBegun);
  return letters;
}

/** It can be begun once in a process, and cannot be asked whether it was: somebody else may draw by it, too. */
function unlessBegun(error: unknown): void {
  if (!String(error).includes('Already initialized')) throw error;
}

/** Draws by resvg as WebAssembly: no browser, no system library, no build for each platform. */
export function createPainter(): Painter {
  return {
    async png(svg) {
      const letters = await load();
      const drawing = new Resvg(svg, {
        font: { fontBuffers: [...letters], defaultFontFamily: 'Roboto' },
        background: '#ffffff',
      });
      try {
        const image = drawing.render();
        try {
          return image.asPng();
        } finally {
          image.free();
        }
      } finally {
        drawing.free();
      }
    },
  };
}
