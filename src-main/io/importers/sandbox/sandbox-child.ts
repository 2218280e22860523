import { toProblems } from '../../../../src-shared/contract/errors.ts'
import { writeCanonical } from '../../canonical/write.ts'
import { findImporter } from '../registry.ts'
import type { SandboxAnswer, SandboxJob, SandboxNews } from './sandbox-job.ts'

/**
 * Entry of the process in which files of unknown origin are parsed. It gets its job on standard input, writes one file
 * into its own folder, and answers on standard output; its parent may kill it at any time.
 */
async function main(): Promise<SandboxAnswer> {
  try {
    const job = JSON.parse(await readInput()) as SandboxJob // written by our own parent process
    const decoded = counted('decoding the images')
    const set = await findImporter(job.importer).read(job.path, job.options, job.workFolder, decoded)
    const written = counted('writing the data file')
    return { ok: true, contentHash: await writeCanonical(job.output, set, job.created, written) }
  } catch (error) {
    return { ok: false, problems: toProblems(error) }
  }
}

/** Tells the parent each hundredth. */
function counted(text: string): (done: number, total: number) => void {
  let told = -1
  return (done, total) => {
    const share = Math.floor((100 * done) / Math.max(1, total))
    if (share === told) return
    told = share
    const news: SandboxNews = { text, fraction: share / 100 }
    process.stdout.write(`${JSON.stringify(news)}\n`)
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer) // stdin has no encoding set
  return Buffer.concat(chunks).toString('utf8')
}

void main().then((answer) => {
  process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0))
})
