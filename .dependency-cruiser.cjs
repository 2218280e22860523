/**
 * The import table of docs/architecture.md as failing rules.
 * Data flows one way: src-shared <- engine <- io / store <- runs <- service <- host; the renderer sees only src-shared.
 */
const NOT = (...allowed) => ({ path: '^src-', pathNot: allowed.map((p) => `^${p}/`) })
const layer = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  comment: `${from} may import only: ${[from, ...allowed].join(', ')}`,
  from: { path: `^${from}/` },
  to: NOT(from, ...allowed),
})
const engine = (part, ...allowed) => ({
  name: `engine-${part}-layer`,
  severity: 'error',
  comment: `engine/${part} may import only: ${[part, ...allowed].join(', ')}, engine/types.ts, src-shared`,
  from: { path: `^src-main/engine/${part}/` },
  to: {
    path: '^src-main/engine/[^/]+/',
    pathNot: [part, ...allowed].map((p) => `^src-main/engine/${p}/`),
  },
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: { path: '^src-' }, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: { path: '^src-' }, to: { couldNotResolve: true } },
    layer('shared-imports-nothing', 'src-shared'),
    layer('engine-layer', 'src-main/engine', 'src-shared'),
    layer('io-layer', 'src-main/io', 'src-main/engine', 'src-shared'),
    layer('store-layer', 'src-main/store', 'src-shared'),
    layer('runs-layer', 'src-main/runs', 'src-main/engine', 'src-main/io', 'src-main/store', 'src-shared'),
    layer('service-layer', 'src-main/service', 'src-main/runs', 'src-shared'),
    layer(
      'host-layer',
      'src-main/host',
      'src-main/service',
      'src-main/runs',
      'src-main/store',
      'src-main/io',
      'src-shared',
    ),
    layer('renderer-layer', 'src-renderer', 'src-shared'),
    engine('tensor'),
    engine('proof', 'tensor'),
    engine('data', 'tensor'),
    engine('model', 'tensor'),
    engine('loss', 'tensor'),
    engine('optim', 'tensor'),
    engine('train', 'tensor', 'data', 'model', 'loss', 'optim', 'eval'),
    engine('eval', 'tensor', 'data', 'model', 'loss', 'optim'),
    {
      name: 'engine-is-pure',
      severity: 'error',
      comment:
        'The engine knows no file system, process, clock, Electron, HTTP or database: pass values or interfaces in.',
      from: { path: '^src-main/engine/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-packages',
      severity: 'error',
      comment: 'The engine uses TensorFlow.js and src-shared only.',
      from: { path: '^src-main/engine/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional'], pathNot: ['@tensorflow/tfjs-core'] },
    },
    {
      name: 'shared-runs-anywhere',
      severity: 'error',
      comment: 'src-shared runs anywhere: no Node, no DOM, no Electron, no TensorFlow.',
      from: { path: '^src-shared/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'], pathNot: ['node_modules/(zod|yaml)/'] },
    },
    {
      name: 'electron-only-in-host',
      severity: 'error',
      comment: 'Only the Electron host file may import electron.',
      from: { path: '^src-', pathNot: '^src-main/host/(electron|preload)' },
      to: { path: '(^electron$|node_modules/electron/)' },
    },
    {
      name: 'services-know-no-host',
      severity: 'error',
      comment: 'HTTP and WebSocket belong to host/.',
      from: { path: '^src-main/(runs|service|store|io|engine)/' },
      to: { path: '(^(node:)?(http|https|net)$|node_modules/ws/)' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules/(?!@tensorflow|zod|yaml|ws|electron)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
