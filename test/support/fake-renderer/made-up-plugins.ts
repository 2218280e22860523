import type { PluginView } from '../../../src-shared/contract/plugin.ts'
import type { FakeService } from '../fake-service.ts'

/** A plug-in with a part of each kind. */
export const PLUGIN: PluginView = {
  hash: '69b2182bc261f1d49478218113494573a8122a9cc10ba1238e4a6b9faf7a5feb',
  trusted: false,
  package: {
    name: 'lab-parts',
    version: '1.2.0',
    description: 'Parts of our lab.',
    license: 'MIT',
    type: 'module',
    main: 'index.js',
    cotrain: {
      api: 1,
      entries: [
        {
          kind: 'model',
          fn: 'lab/one_layer',
          title: 'One layer of the lab',
          help: 'One convolution and a dense readout.',
          tasks: ['v1'],
          fields: {
            channels: {
              type: 'int',
              default: 8,
              min: 1,
              label: 'Filters',
              help: 'Filters of the convolution.',
            },
          },
        },
        {
          kind: 'loss',
          fn: 'lab/huber',
          title: 'Huber loss',
          help: 'Squared error near the target, absolute error beyond.',
          tasks: ['v1', 'v4'],
          fields: { delta: { type: 'number', default: 1, min: 0, help: 'Where the square ends.' } },
        },
        {
          kind: 'measure',
          fn: 'lab/mean_error',
          title: 'mean error',
          help: 'Mean over trials of predicted minus recorded.',
          unit: '',
          goal: 'none',
          fields: {},
        },
      ],
    },
  },
  files: [
    { path: 'index.js', bytes: 2_300 },
    { path: 'package.json', bytes: 900 },
  ],
  problem: null,
}

type PluginMethods = Extract<keyof FakeService, `plugins.${string}`>

/** Answers about plug-ins; there are none to begin with. */
export function pluginAnswers(): Pick<FakeService, PluginMethods> {
  let all: PluginView[] = []
  const change = (hash: string, next: (plugin: PluginView) => PluginView[]): PluginView => {
    all = all.flatMap((plugin) => (plugin.hash === hash ? next(plugin) : [plugin]))
    return all[0] ?? PLUGIN
  }
  return {
    'plugins.list': () => all,
    'plugins.add': () => {
      all = [PLUGIN]
      return PLUGIN
    },
    'plugins.trust': ({ hash }) => change(hash, (plugin) => [{ ...plugin, trusted: true }]),
    'plugins.remove': ({ hash }) => {
      change(hash, () => [])
      return { ok: true as const }
    },
  }
}
