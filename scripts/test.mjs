// Runs every check of the project, in the order in which a failure is cheapest to find, and ends with one line of counts.
// `npm test -- unit golden` runs only the named parts.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const scratch = mkdtempSync(join(tmpdir(), 'cotrain-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }
/** What failed, said again at the end: the log between is longer than what most places keep of it. */
const failures = []

function run(name, command, args, env = {}) {
  console.log(`\n── ${name}: ${command} ${args.join(' ')}`)
  const began = Date.now()
  const done = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  return told(name, done.status ?? done.signal, began)
}

/** Says how a command ended; whether it ended well. */
function told(name, how, began) {
  const seconds = Math.round((Date.now() - began) / 1000)
  console.log(`── ${name}: ${how === 0 ? 'ok' : `failed (exit ${how})`} in ${seconds} s`)
  return how === 0
}

/** A check without test cases of its own counts as one. */
function count(name, ok) {
  total[ok ? 'passed' : 'failed'] += 1
  if (!ok) failures.push(name)
}

function check(name, program, ...args) {
  count(name, run(name, program, args))
}

/** Test runners that write {passed, failed, skipped, failures} to the file named by COTRAIN_TEST_COUNTS. */
function counted(name, env, ...command) {
  const file = countsFile(name)
  const [program, ...args] = command
  tally(name, run(name, program, args, { ...env, COTRAIN_TEST_COUNTS: file }), file)
}

const countsFile = (name) => join(scratch, `${name.replaceAll(' ', '-')}.json`)

function tally(name, ok, file) {
  const counts = countsOf(file)
  if (counts === null) {
    total.failed += 1
    failures.push(`${name}: ended without a result`)
    return
  }
  const silent = !ok && counts.failed === 0
  total.passed += counts.passed
  total.skipped += counts.skipped
  total.failed += counts.failed + (silent ? 1 : 0)
  failures.push(...counts.failures.map((text) => `${name}: ${text}`))
  if (silent) failures.push(`${name}: ended with a failure that no test names`)
}

/** Each failed test of a report of vitest with the first line of its reason; a file that could not be run counts too. */
function failedTests({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : []
    return failed.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`)
  })
}

const firstLine = (text) => text.split('\n', 1)[0]

function countsOf(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    if ('numTotalTests' in report) {
      const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report
      const skipped = numPendingTests + numTodoTests
      return { passed: numPassedTests, failed: numFailedTests, skipped, failures: failedTests(report) }
    }
    return report
  } catch {
    return null
  }
}

const unit = () => {
  const file = join(scratch, 'unit.json')
  counted(
    'unit',
    {},
    'npx',
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  )
}

/** Areas whose numbers depend on kernels of the engine, small enough for every setting. */
const KERNELS = '--areas=cores,readouts,losses,optimizers,cotraining'
/** Corruptions and configurations compute without the engine: once is enough. */
const ENGINE = `${KERNELS},cyclers,measures,schedules,vgg`

/** Engine settings under which the numbers of the published code must hold, each also a part: `npm test -- golden:wasm`. */
const goldenSettings = {
  native: [{ COTRAIN_ENGINE: 'native' }],
  'one-thread': [{ COTRAIN_ENGINE: 'native', TF_NUM_INTRAOP_THREADS: '1' }, KERNELS],
  avx2: [{ COTRAIN_ENGINE: 'native', ONEDNN_MAX_CPU_ISA: 'AVX2' }, KERNELS],
  'onednn-off': [{ COTRAIN_ENGINE: 'native', TF_ENABLE_ONEDNN_OPTS: '0' }, KERNELS],
  wasm: [{ COTRAIN_ENGINE: 'wasm' }, ENGINE],
}

async function golden(setting) {
  const [env, ...areas] = goldenSettings[setting]
  const name = `golden ${setting}`
  const file = countsFile(name)
  const ok = await runBeside(name, 'npx', ['tsx', 'test/golden/run.ts', ...areas], {
    ...env,
    COTRAIN_TEST_COUNTS: file,
  })
  tally(name, ok, file)
}

/** The setting with one thread, which is proved first, beside all others. */
async function allGolden() {
  const others = Object.keys(goldenSettings).filter((name) => name !== 'one-thread')
  const inTurn = async () => {
    for (const setting of others) await golden(setting)
  }
  await Promise.all([golden('one-thread'), inTurn()])
}

/** Folders in which Chromium brings a Vulkan driver that computes on the processor. */
const SWIFTSHADER = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome']

/** The numbers of the published code on WebGPU, through the driver of the browser that the end-to-end tests use. */
function webgpu() {
  const icd = 'vk_swiftshader_icd.json'
  const folder = SWIFTSHADER.find((place) => existsSync(join(place, icd)))
  if (folder === undefined) {
    total.skipped += 1
    return console.log(`\n── golden webgpu: skipped, no ${icd} in ${SWIFTSHADER.join(', ')}`)
  }
  const env = { COTRAIN_ENGINE: 'webgpu', LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, icd) }
  counted('golden webgpu', env, 'npx', 'tsx', 'test/golden/run.ts', '--areas=losses,optimizers,readouts')
}

/** Checks that read the sources with one thread each: two at a time, what each says in one piece. */
const readers = {
  format: ['format', 'npx', 'prettier', '--check', '.'],
  lint: ['lint', 'npm', 'run', '--silent', 'lint'],
  types: ['types', 'npm', 'run', '--silent', 'types'],
  docs: ['reference pages', 'npx', 'tsx', 'scripts/reference.ts', '--check'],
}
const READERS_AT_ONCE = 2

async function read(names) {
  // The longest first, so that the others fill the time beside it.
  const waiting = [...names].sort((a, b) => Number(b === 'lint') - Number(a === 'lint'))
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      await checkBeside(...readers[name])
  }
  await Promise.all(Array.from({ length: READERS_AT_ONCE }, work))
}

async function checkBeside(name, command, ...args) {
  count(name, await runBeside(name, command, args))
}

/** Runs a command beside others: what it says comes in one piece when it ends. Whether it ended well. */
function runBeside(name, command, args, env = {}) {
  const began = Date.now()
  return new Promise((resolve) => {
    const said = []
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece))
    const end = (how) => {
      console.log(`\n── ${name}: ${command} ${args.join(' ')}`)
      process.stdout.write(Buffer.concat(said))
      resolve(told(name, how, began))
    }
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => end(code ?? signal))
  })
}

const parts = {
  ...Object.fromEntries(Object.keys(readers).map((name) => [name, () => read([name])])),
  build: () => check('build', 'node', 'scripts/build.mjs'),
  setup: () => check('engine set-up', 'node', 'scripts/cotrain.mjs', 'setup'),
  unit,
  faults: () => counted('faults', {}, 'npx', 'tsx', 'test/faults/run.ts', '--short'),
  golden: allGolden,
  e2e: () => counted('end to end', {}, 'npx', 'tsx', 'test/e2e/run.ts'),
  webgpu,
}

const single = Object.fromEntries(
  Object.keys(goldenSettings).map((name) => [`golden:${name}`, () => golden(name)]),
)
const known = { ...parts, ...single }
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in known))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}. Parts: ${Object.keys(known).join(', ')}`)
  process.exit(2)
}
const wanted = asked.length > 0 ? asked : Object.keys(parts)
await read(wanted.filter((name) => name in readers))
for (const name of wanted.filter((part) => !(part in readers))) await known[name]()
rmSync(scratch, { recursive: true, force: true })
for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
