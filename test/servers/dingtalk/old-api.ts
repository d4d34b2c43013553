import { randomUUID } from 'node:crypto';
import type { ApiAnswer } from './open-api.ts';
import type { Json, Tenant } from './tenant.ts';

/** The largest picture (CHAT §4: 20 MB). */
const pictureBytesMax = 20 * 1024 * 1024;

/** Signatures of the pictures that are taken (CHAT §4: jpg, gif, png, bmp). */
const pictures: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46],
  [0x89, 0x50, 0x4e, 0x47],
  [0x42, 0x4d],
];

/** Answers the old API: HTTP 200 and `errcode` (CHAT §2.7). Undefined for what it does not know. */
export async function answerOldApi(
  tenant: Tenant,
  url: URL,
  request: { readonly method: string; readonly type: string; readonly raw: Buffer },
): Promise<ApiAnswer | undefined> {
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /gettoken': {
      const { searchParams: given } = url;
      // CHAT §2.3: the old tokens are got here, with the secret in the address.
      if (given.get('appkey') !== tenant.clientId || given.get('appsecret') !== tenant.clientSecret)
        return says(40_089);
      const token = randomUUID();
      tenant.oldTokens.add(token);
      return says(0, { access_token: token, expires_in: 7200 });
    }
    case 'POST /media/upload':
      return await upload(tenant, url, request);
    default:
      return undefined;
  }
}

/** CHAT §4: multipart with a field `media`. */
async function upload(
  tenant: Tenant,
  url: URL,
  { type, raw }: { readonly type: string; readonly raw: Buffer },
): Promise<ApiAnswer> {
  if (!tenant.oldTokens.has(url.searchParams.get('access_token') ?? '')) return says(40_014);
  tenant.used.calls += 1;
  if (tenant.used.calls > tenant.quota.calls) return says(90_020);
  if (url.searchParams.get('type') !== 'image' || !type.startsWith('multipart/form-data'))
    return says(40_004);
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } })
    .formData()
    .catch(() => new FormData());
  const file = form.get('media');
  if (!(file instanceof Blob)) return says(40_035);
  const bytes = Buffer.from(await file.arrayBuffer());
  const isPicture = pictures.some((sign) => sign.every((byte, at) => bytes[at] === byte));
  if (!isPicture || bytes.length > pictureBytesMax) return says(40_004);
  const id = `@${randomUUID().replaceAll('-', '')}`;
  tenant.media.set(id, bytes);
  return says(0, { type: 'image', media_id: id, created_at: Date.now() });
}

function says(errcode: number, more: Json = {}): ApiAnswer {
  const errmsg = errcode === 0 ? 'ok' : `stand-in ${errcode}`;
  return { status: 200, body: { errcode, errmsg, ...more } };
}
