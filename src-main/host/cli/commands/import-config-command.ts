import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ImportedNnfabrik } from '../../../../src-shared/schema/published/nnfabrik.ts'
import { readConfigFile } from '../../../runs/create/config-file.ts'
import { importedText, importNnfabrik } from '../../../runs/create/nnfabrik-text.ts'
import { inTerminal } from '../base/terminal.ts'

export function addImportConfig(program: Command, json: () => boolean): void {
  program
    .command('import-config')
    .description('turn a config in the form of nnfabrik (YAML or JSON) into a run config')
    .argument('<file>')
    .option('--out <file>', 'into this file instead of the terminal')
    .option('--hash <key>', 'require that this is the key of its dataset, model or trainer in nnfabrik')
    .action((file: string, { out, hash }: { out?: string; hash?: string }) =>
      inTerminal(json(), async ({ output }) => {
        const imported = importNnfabrik(await readConfigFile(file))
        if (imported === null) throw noNnfabrik(file)
        const matches = hash === undefined ? null : kindOf(imported, hash, file)
        const text = importedText(imported)
        if (out !== undefined) await writeFile(out, text, { flag: 'wx' })
        const { leftOut, hashes } = imported
        const answer = { ...(out === undefined ? { yaml: text } : { file: out }), leftOut, hashes, matches }
        output.result(answer, () => {
          const found = matches === null ? '' : `The key is that of the ${matches}.\n`
          return `${found}${out === undefined ? text.trimEnd() : `Written to ${basename(out)}, ${leftOut.length} options not taken over.`}`
        })
      }),
    )
}

/** Whose key it is, whether of the options as they are given or with the defaults of their class. */
function kindOf({ hashes }: ImportedNnfabrik, hash: string, file: string): string {
  const wanted = hash.toLowerCase()
  const found = Object.entries(hashes).find(([, { given, full }]) => given === wanted || full === wanted)
  if (found !== undefined) return found[0]
  const listed = Object.entries(hashes).map(([kind, { given, full }]) => `${kind} ${full ?? given}`)
  throw new CotrainError({
    code: 'config-invalid',
    path: `${file}, --hash`,
    message: `no part has the key ${hash}; they are ${listed.join(', ')}.`,
    hint: 'Give the file that belongs to the key: 1 and 1.0 have different keys.',
  })
}

const noNnfabrik = (file: string): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: file,
    message: 'this is no config in the form of nnfabrik.',
    hint: 'It needs dataset_fn, model_fn and trainer_fn, each with its options (dataset_config, model_config, trainer_config).',
  })
