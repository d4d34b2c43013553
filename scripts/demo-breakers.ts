import type { Breakers } from '../src/edges/http/breakers.ts';
import type { ZooKeeperEnsemble } from '../test/servers/zookeeper.ts';

/** The panel that breaks things: each button does to a real process what its label says. */
export function breakersOf(ensemble: ZooKeeperEnsemble): Breakers {
  const actions = new Map<string, { readonly label: string; readonly run: () => unknown }>();
  for (const server of ensemble.servers) {
    actions.set(`kill-${server.id}`, {
      label: `kill -9 ${server.id}`,
      run: () => server.kill('SIGKILL'),
    });
    actions.set(`hang-${server.id}`, {
      label: `hang ${server.id}`,
      run: () => server.kill('SIGSTOP'),
    });
    actions.set(`blink-${server.id}`, {
      label: `blink ${server.id}`,
      run: () => server.restart(),
    });
  }
  actions.set('majority', {
    label: 'kill the majority',
    run: async () => {
      const leader = await ensemble.leader();
      const [follower] = await ensemble.followers();
      await Promise.all([leader.kill('SIGKILL'), follower?.kill('SIGKILL')]);
    },
  });
  actions.set('heal', {
    label: 'heal everything',
    run: async () => {
      for (const server of ensemble.servers) {
        if (server.running()) await server.kill('SIGCONT');
        else server.start();
      }
    },
  });
  return {
    list: () => [...actions].map(([id, { label }]) => ({ id, label })),
    async run(id) {
      const action = actions.get(id);
      if (action === undefined) throw new Error(`no such button: ${id}`);
      await action.run();
    },
  };
}
