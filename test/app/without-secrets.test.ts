import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/app/without-secrets.ts';
import { diagnose } from '../../src/model/diagnosis.ts';

describe('a result of the doctor', () => {
  it('repeats no secret, whoever repeated it to us', () => {
    const said = diagnose('check-failed', '', {
      reason: 'cannot reach https://x/?access_token=s3cr3t-token',
      words: ['s3cr3t-token', 'fine'],
      count: 3,
    });

    expect(withoutSecrets(said, ['s3cr3t-token', 'x']).facts).toEqual({
      reason: 'cannot reach https://x/?access_token=[hidden]',
      words: ['[hidden]', 'fine'],
      count: 3,
    });
  });
});
