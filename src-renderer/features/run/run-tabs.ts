/** Parts of a run's page, in order; Alt and the number shows one. */
export const RUN_TABS = [
  { id: 'curves', label: 'Curves' },
  { id: 'scores', label: 'Scores and notes' },
  { id: 'neurons', label: 'Neurons' },
  { id: 'robustness', label: 'Robustness' },
  { id: 'confusion', label: 'Confusion' },
  { id: 'config', label: 'Config' },
  { id: 'log', label: 'Log' },
  { id: 'details', label: 'Environment and files' },
  { id: 'moments', label: 'Moments' },
] as const
