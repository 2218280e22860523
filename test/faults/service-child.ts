import { createSupervisor } from '../../src-main/runs/queue/supervise.ts'
import { fakeWorker, openLab } from '../support/lab.ts'

/**
 * The part of the app that starts runs, in a process of its own that may be killed. `worker`: entry of the worker of the app; the
 * engine that counts where it is empty. What workers tell goes to stdout, a line each.
 */
const [home = '', worker = ''] = process.argv.slice(2)
const { store, queue } = openLab(home)
const supervisor = createSupervisor({
  store,
  queue,
  command: () =>
    worker === ''
      ? fakeWorker(home)
      : { args: ['--enable-source-maps', worker], env: { COTRAIN_HOME: home } },
  onNews: (id, news) => void process.stdout.write(`${JSON.stringify({ id, news })}\n`),
})
await supervisor.start()
