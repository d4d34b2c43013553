import { type Picture, pictureBytesMax } from '../model/reply.ts';
import type { House } from './house.ts';

/** A drawing as a picture that an answer can carry. Undefined when it cannot be: the answer then goes without, and the log says why. */
export async function paint(
  { painter, log }: Pick<House, 'painter' | 'log'>,
  name: string,
  svg: string,
  alt: string,
): Promise<Picture | undefined> {
  try {
    const bytes = await painter.png(svg);
    if (bytes.byteLength <= pictureBytesMax) {
      const base64 = Buffer.from(bytes).toString('base64');
      return { name: `${name}.png`, mediaType: 'image/png', alt, base64 };
    }
    log.warn({ picture: name, bytes: bytes.byteLength }, 'a picture is too large');
  } catch (error) {
    log.error({ picture: name, err: error }, 'a picture could not be drawn');
  }
  return undefined;
}
