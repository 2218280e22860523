export type FolderExport = 'pytorch' | 'onnx' | 'tensorboard' | 'mlflow'

/** What a run is written to a folder as. Networks want a new folder, trackers one that may hold other runs. */
export const FOLDER_EXPORTS: Readonly<
  Record<FolderExport, { label: string; description: string; example: string; isNew: boolean }>
> = {
  pytorch: {
    label: 'Export network for PyTorch',
    description:
      'A folder on this machine with the weights under their published names, Python that rebuilds the network, and pictures with its answers to compare.',
    example: 'network',
    isNew: true,
  },
  onnx: {
    label: 'Export network as ONNX',
    description:
      'A folder on this machine with one ONNX file for each output, and pictures with its answers to compare.',
    example: 'network',
    isNew: true,
  },
  tensorboard: {
    label: 'Export run for TensorBoard',
    description: 'An event file in a folder of its own beside those of other runs.',
    example: 'logs',
    isNew: false,
  },
  mlflow: {
    label: 'Export run for MLflow',
    description: "A run of MLflow's file store, beside those that are there. Keep the folder where it is.",
    example: 'mlruns',
    isNew: false,
  },
}
