import { basename, join } from 'node:path'

/**
 * Node's arguments for a helper process of the tests in this folder, such as `fake-worker.ts`: what was bundled of it before the
 * unit suite, since compiling it anew takes seconds of each start; the source where nothing was.
 */
export function childArguments(name: string): string[] {
  const built = process.env['COTRAIN_BUILT_TESTS']
  if (built !== undefined) return [join(built, `${basename(name, '.ts')}.js`)]
  return ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, name)]
}
