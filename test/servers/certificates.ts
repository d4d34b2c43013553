import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certificates of a small authority of our own, made with openssl, valid for two days. */
export interface Certificates {
  readonly caFile: string;
  /** Certificate and key of `localhost` and 127.0.0.1 in one file, as ZooKeeper wants it. */
  readonly serverFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
  /** An authority that signed none of them. */
  readonly strangerCaFile: string;
  remove(): void;
}

export function makeCertificates(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'nightkeeper-tls-'));
  const file = (name: string) => join(dir, name);
  const openssl = (line: string) =>
    execFileSync('openssl', line.split(' '), { stdio: 'pipe', cwd: dir });

  const authority = (name: string) =>
    openssl(
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`,
    );
  const signed = (name: string, names: string) => {
    openssl(
      `req -new -newkey rsa:2048 -nodes -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`,
    );
    writeFileSync(file(`${name}.ext`), `subjectAltName=${names}\n`);
    openssl(
      `x509 -req -days 2 -in ${name}.csr -out ${name}.pem -extfile ${name}.ext -CA authority.pem -CAkey authority.key -CAcreateserial`,
    );
  };
  authority('authority');
  authority('stranger');
  signed('server', 'DNS:localhost,DNS:zk.example,IP:127.0.0.1');
  signed('client', 'DNS:client');
  appendFileSync(file('server.pem'), readFileSync(file('server.key')));

  return {
    caFile: file('authority.pem'),
    serverFile: file('server.pem'),
    clientCertFile: file('client.pem'),
    clientKeyFile: file('client.key'),
    strangerCaFile: file('stranger.pem'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
