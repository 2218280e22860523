import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  mlflowExperiment,
  mlflowRun,
  mlflowRunFolder,
} from '../../../../../src-main/io/trackers/mlflow-folder.ts'
import { SMALL_RUN } from './small-run.ts'

const ID = 'abcdef01234567890000000000000000'
const files = new Map(mlflowRun(SMALL_RUN, 'file:///lab/mlruns').map(({ path, text }) => [path, text]))

describe('a run as MLflow keeps it', () => {
  it('has the fields of its meta.yaml', () => {
    expect(parse(files.get('meta.yaml') ?? '')).toMatchObject({
      artifact_uri: `file:///lab/mlruns/${mlflowRunFolder(SMALL_RUN)}/artifacts`,
      experiment_id: mlflowRunFolder(SMALL_RUN).split('/')[0],
      lifecycle_stage: 'active',
      run_id: ID,
      run_name: 'Größe/seed, seed 1',
      start_time: 1_700_000_000_250,
      end_time: 1_700_000_008_250,
      status: 3,
    })
  })

  it('has a file for each parameter, metric and tag', () => {
    expect(Object.fromEntries(files)).toMatchObject({
      'params/trainer.config.lr': '0.003',
      'metrics/Training/v1/loss': '1700000002250 1.5 0\n1700000004250 nan 7\n',
      'metrics/final/FinalTest/v1/eval': '1700000008250 0.25 7\n',
      'tags/mlflow.runName': 'Größe/seed, seed 1',
      'tags/mlflow.note.content': 'Größe',
      'tags/cotrain.group': 'g1',
      'artifacts/config.yaml': 'seed: 1\n',
    })
  })

  it('keeps names inside its folder', () => {
    const options = new Map([
      ['../../escape', 'x'],
      ['a"b', 'y'],
    ])
    const paths = mlflowRun({ ...SMALL_RUN, options }, 'file:///lab').map(({ path }) => path)
    expect(paths.filter((path) => path.startsWith('params/'))).toEqual(['params/_/_/escape', 'params/a_b'])
  })

  it('belongs to an experiment whose id YAML takes for words, not for a number', () => {
    expect(parse(mlflowExperiment('file:///lab', 5).text)).toMatchObject({
      experiment_id: mlflowRunFolder(SMALL_RUN).split('/')[0],
      name: 'CoTrain',
    })
  })
})
