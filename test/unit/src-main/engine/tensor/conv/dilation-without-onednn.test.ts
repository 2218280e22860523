import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nativeAvailable, useBackend } from '../../../../../support/backend.ts'

const CHILD = fileURLToPath(new URL('../../../../../support/dilation-child.ts', import.meta.url))

/** Largest difference of dilated convolutions and their gradients from plain loops, by case, in a process of its own. */
async function errorsWith(oneDnn: '0' | '1'): Promise<Readonly<Record<string, number>>> {
  const { proof } = await useBackend('native')
  const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: oneDnn }
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', CHILD, JSON.stringify(proof?.setting)],
    {
      encoding: 'utf8',
      env,
    },
  )
  if (status !== 0) throw new Error(`the child ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Record<string, number>
}

describe.skipIf(!(await nativeAvailable()))(
  'dilated convolutions (skipped without the native engine)',
  () => {
    it.each(['0', '1'] as const)(
      'are right, and so are their gradients, with TF_ENABLE_ONEDNN_OPTS=%s',
      async (oneDnn) => {
        const errors = await errorsWith(oneDnn)
        expect(Object.keys(errors).length).toBeGreaterThanOrEqual(18)
        for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(2e-5)
      },
    )
  },
)
