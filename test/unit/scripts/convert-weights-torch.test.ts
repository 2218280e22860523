import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pythonHas, testPython } from '../../support/python-with.ts'
import { temporaryFolder } from '../../support/temp-folder.ts'

const folder = temporaryFolder()
const SCRIPT = join(import.meta.dirname, '../../../scripts/convert-weights.py')

/** Each file that torch.save makes, converted with and without PyTorch: the same bytes, and back to the same tensors. */
const DRIVER = `
import contextlib, importlib.util, io, os, sys, torch
spec = importlib.util.spec_from_file_location('convert', sys.argv[1])
tool = importlib.util.module_from_spec(spec); spec.loader.exec_module(tool)
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(16, 5))
state, base = net.state_dict(), torch.randn(6, 8)
cast = lambda kind: {k: v.to(kind) if v.is_floating_point() else v for k, v in state.items()}
files = {
    'plain': state, 'checkpoint': {'epoch': 3, 'state_dict': state, 'optimizer': torch.optim.Adam(net.parameters()).state_dict()},
    'bfloat16': cast(torch.bfloat16), 'half': cast(torch.float16), 'double': cast(torch.float64),
    'views': {'turned': base.t(), 'part': base[1:4, 2:5], 'steps': base[::2, ::3], 'spread': base[:, :1].expand(6, 3), 'none': base[0:0]},
    'shared': {'a': base, 'b': base, 'tail': base[3:], 'p': torch.nn.Parameter(base)},
    'types': {str(k): torch.tensor([1, 0, 1]).to(k) for k in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)} | {'number': torch.tensor(2.5), 'odd': torch.tensor([float('nan'), float('inf'), -0.0])},
}
def convert(*args):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        tool.convert(*args)
def same(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a.contiguous().reshape(-1).view(torch.uint8), b.reshape(-1).view(torch.uint8))
for name, content in files.items():
    wanted = content.get('state_dict', content)
    for legacy in (False, True):
        torch.save(content, 'a.pth', _use_new_zipfile_serialization=not legacy)
        convert('a.pth', 'with.safetensors', '', True)
        convert('a.pth', 'alone.safetensors', '', False)
        assert open('with.safetensors', 'rb').read() == open('alone.safetensors', 'rb').read(), name
        for use_torch in (False, True):
            convert('with.safetensors', 'back.pth', '', use_torch)
            back = torch.load('back.pth', weights_only=True)
            assert set(back) == set(wanted) and all(same(wanted[k], back[k]) for k in wanted), (name, legacy, use_torch)
    print('same', name)
for name, value in {'complex': base.to(torch.complex64), 'float8': base.to(torch.float8_e4m3fn), 'sparse': base.to_sparse()}.items():
    torch.save({'a': base, 'b': value}, 'a.pth')
    for use_torch in (True, False):
        try: convert('a.pth', 'no.safetensors', '', use_torch)
        except tool.Refused as error: print('refused', name, '|', error)
torch.save({'a': torch.randn(4, dtype=torch.complex64).conj().imag}, 'a.pth')
convert('a.pth', 'with.safetensors', '', True)
wanted = torch.load('a.pth')['a'].resolve_neg()
convert('with.safetensors', 'back.pth', '', True)
assert same(wanted, torch.load('back.pth')['a'])
try: convert('a.pth', 'no.safetensors', '', False)
except tool.Refused as error: print('refused negative |', error)
assert not os.path.exists('no.safetensors')
`

it.skipIf(!pythonHas('torch'))('PyTorch files are converted alike with and without PyTorch', () => {
  const said = execFileSync(testPython ?? '', ['-W', 'ignore', '-c', DRIVER, SCRIPT], {
    cwd: folder,
    encoding: 'utf8',
  }).split('\n')
  const kinds = ['plain', 'checkpoint', 'bfloat16', 'half', 'double', 'views', 'shared', 'types']
  expect(said.filter((line) => line.startsWith('same'))).toEqual(kinds.map((kind) => `same ${kind}`))
  const refused = said.filter((line) => line.startsWith('refused'))
  expect(refused).toHaveLength(7)
  expect(refused.join('\n')).toMatch(
    /tensors of type complex64 .*ComplexFloatStorage.*float8_e4m3fn.*sparse_coo.*negative/s,
  )
})
