import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { OVER } from '../../../../src-shared/contract/run.ts'
import { needsText } from '../../../../src-shared/contract/offer-text.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { PlainConfig } from '../../../../src-shared/schema/component.ts'
import { MAX_CONFIG_BYTES, parseYaml } from '../../../runs/create/config-text.ts'
import { readRecipes } from '../../../runs/create/recipes.ts'
import { ensureEngine } from './engine-commands.ts'
import { advanceFamilies } from '../../../runs/families/advance.ts'
import type { Following } from '../base/follow-runs.ts'
import { followRuns } from '../base/follow-runs.ts'
import { planText } from '../base/recipe-text.ts'
import { showFamily } from './family-command.ts'
import { asTable } from '../base/output.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

interface RecipeOptions {
  dryRun?: boolean
  wait: boolean
  set: Record<string, string>
}

export function addRecipeCommand(program: Command, json: () => boolean): void {
  const what = 'YAML file, or name of a shipped recipe'
  const recipe = program
    .command('recipe')
    .description('queue all runs of a recipe that are not done yet; without a name: list the shipped recipes')
    .argument('[recipe]', what)
    .option('--dry-run', 'only show the runs and which of them exist')
    .option('--set <name=value>', 'value of an input of the recipe; may be repeated', collect, {})
    .option('--no-wait', 'only queue; a running app or `cotrain queue work` starts them')
    .action((given: string | undefined, options: RecipeOptions) =>
      inTerminal(json(), (terminal) =>
        given === undefined ? listRecipes(terminal) : runRecipe(terminal, given, options),
      ),
    )
  // Options of the command above count for those below, wherever they stand.
  recipe
    .command('run')
    .description(
      'run a recipe step by step until all is done or blocked, and say what came out; go on where it was left',
    )
    .argument('<recipe>', what)
    .action((given: string) =>
      inTerminal(json(), (terminal) => runRecipe(terminal, given, recipe.opts<RecipeOptions>())),
    )
  recipe
    .command('plan')
    .description('show the steps and runs of a recipe, which of them exist, and what the others wait for')
    .argument('<recipe>', what)
    .action((given: string) =>
      inTerminal(json(), (terminal) => planOnly(terminal, given, recipe.opts<RecipeOptions>())),
    )
}

async function listRecipes({ service, output }: Terminal): Promise<void> {
  const [list, offers] = await Promise.all([
    service.call('recipes.list', {}),
    service.call('config.offers', {}),
  ])
  const recipes = list.map((recipe) => {
    const offer = offers.find(({ kind, id }) => kind === 'recipe' && id === recipe.id)
    return { ...recipe, needs: offer === undefined ? '' : needsText(offer) }
  })
  output.result(recipes, () =>
    asTable(
      ['name', 'title', 'data', 'what it answers'],
      recipes.map(({ id, title, needs, description }) => [id, title, needs, description]),
    ),
  )
}

async function planOnly(terminal: Terminal, given: string, { set }: RecipeOptions): Promise<number> {
  const request = { recipe: await recipeAt(terminal, given), inputs: set }
  const plan = await terminal.service.call('recipes.plan', request)
  terminal.output.result(plan, () => planText(plan))
  return plan.problems.length > 0 ? 2 : 0
}

async function runRecipe(terminal: Terminal, given: string, options: RecipeOptions): Promise<number> {
  if (options.dryRun === true) return planOnly(terminal, given, options)
  const { service, output } = terminal
  const request = { recipe: await recipeAt(terminal, given), inputs: options.set }
  const { family, ids, queued, known, diverged, waiting, tag } = await service.call('recipes.queue', request)
  const bad = diverged === 0 ? '' : `, ${diverged} diverged before and are not repeated`
  const later = waiting === 0 ? '' : `, ${waiting} follow as their parents finish`
  output.note(`${queued} queued, ${known} exist already${later}${bad}; all have the tag "${tag}".`)
  if (!options.wait) {
    const after = await service.call('recipes.plan', request)
    output.result({ family, ids, queued, known, diverged, waiting, tag }, () => planText(after))
    return diverged > 0 ? 1 : 0
  }
  const open = ids.filter((id) => !OVER.has(terminal.workspace.store.read(id).status))
  if (open.length > 0) await ensureEngine(terminal)
  const { grows } = await service.call('family.get', { name: family })
  await followRuns(terminal, open, grows ? growing(terminal, family) : undefined)
  return showFamily(terminal, family)
}

/** The runs of a graph come as their parents finish, those of a search as the trials before them do. Ctrl-C stops the whole; the same command goes on with it. */
function growing({ service, workspace }: Terminal, family: string): Following {
  return {
    more: async () => {
      const { problems } = await advanceFamilies(workspace)
      for (const problem of problems) workspace.log(String(problem))
      const { settings } = await service.call('family.get', { name: family })
      return settings.flatMap(({ runs }) =>
        runs.flatMap(({ id, status }) => (status === null ? [] : (id ?? []))),
      )
    },
    onInterrupt: () => service.call('family.stop', { name: family }),
  }
}

/** A shipped recipe by name, or a file; configs that it names by file are read from beside it. */
async function recipeAt({ workspace }: Terminal, given: string): Promise<PlainConfig> {
  const shipped = existsSync(given)
    ? undefined
    : readRecipes(workspace.presets).find(({ id }) => id === given)
  const recipe = parseYaml(shipped?.yaml ?? (await readText(given)), given)
  if (recipe === null || typeof recipe !== 'object' || Array.isArray(recipe)) return { given: recipe }
  return (await withFiles(recipe, dirname(resolve(given)))) as PlainConfig
}

const STARTS: ReadonlySet<string> = new Set(['baseline', 'from'])

async function withFiles(at: unknown, folder: string): Promise<unknown> {
  if (Array.isArray(at)) return Promise.all(at.map((inner) => withFiles(inner, folder)))
  if (at === null || typeof at !== 'object') return at
  const entries = Object.entries(at).map(async ([key, value]): Promise<[string, unknown]> => {
    const isFile = STARTS.has(key) && typeof value === 'string' && /\.ya?ml$/.test(value)
    if (!isFile) return [key, key === 'patch' ? value : await withFiles(value, folder)]
    const path = resolve(folder, value)
    return [key, parseYaml(await readText(path), path)]
  })
  return Object.fromEntries(await Promise.all(entries))
}

async function readText(path: string): Promise<string> {
  const info = await stat(path).catch(() => null)
  if (info === null || !info.isFile())
    throw new CotrainError({
      code: 'file-missing',
      path,
      message: 'there is no such file, and no shipped recipe has this name.',
      hint: '`cotrain recipe` without a name lists the shipped ones.',
    })
  if (info.size > MAX_CONFIG_BYTES)
    throw new CotrainError({ code: 'file-refused', path, message: 'the file is larger than 1 MB.' })
  return readFile(path, 'utf8')
}

function collect(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
