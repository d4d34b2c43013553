/** What ZooKeeper's servers mix into the number of a session. @see ZooKeeperServer.superSecret in apache/zookeeper */
const superSecret = 0xb3415c00n;

const mask = (1n << 48n) - 1n;

/** The password of a session: the first 16 bytes of Java's `Random(id ^ superSecret)`. It follows from the number alone. */
export function sessionPassword(session: string): Buffer {
  let seed = (BigInt(session) ^ superSecret ^ 0x5deece66dn) & mask;
  const password = Buffer.alloc(16);
  for (let at = 0; at < password.length; at += 4) {
    seed = (seed * 0x5deece66dn + 0xbn) & mask;
    // Java takes an int's bytes from the lowest on.
    password.writeInt32LE(Number(BigInt.asIntN(32, seed >> 16n)), at);
  }
  return password;
}
