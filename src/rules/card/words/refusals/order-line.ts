/** The line of the configuration that gives the bot a way to do what it cannot: the same in every language. */
export function orderLine(order: string): string {
  switch (order) {
    case 'stop':
    case 'start':
      return `${order}: [ssh, "zookeeper@{host}", sudo, -n, systemctl, ${order}, zookeeper]`;
    case 'exec':
      return 'on: [ssh, "zookeeper@{host}"]';
    default:
      return 'command: [ssh, "zookeeper@{host}", sudo, -n, systemctl, restart, zookeeper]';
  }
}
