import { join } from 'node:path'

/** Environment of a Node process under which it and all that it starts may only talk to this machine; tries go to `log`. */
export function guardedEnvironment(log: string): Readonly<Record<string, string>> {
  const guard = join(import.meta.dirname, 'network-guard.cjs')
  return { NODE_OPTIONS: `--require ${JSON.stringify(guard)}`, COTRAIN_NETWORK_LOG: log }
}
