import { GRAPH_FUNCTIONS_SOURCE } from './graph-functions.ts'
import { shortSha256 } from '../../../disk/sha256.ts'

/**
 * Compiled into the binding in front of the library. Kernels that oneDNN generates use the stack pointer as one more
 * register, so it may point into the heap; the frame of a signal handler that is entered then overwrites memory of the
 * process, which ends in a crash or in wrong numbers. Signals therefore wait until an operation has ended, and the
 * library's threads, which are started from here, never take one. Faults of the program itself are not held back.
 *
 * The binding is compiled with TFE_Execute and TFE_NewContext renamed (see HOLD_SIGNALS_FLAGS) to what is defined here.
 */
export const HOLD_SIGNALS_SOURCE = `#undef TFE_Execute
#undef TFE_NewContext
#include <initializer_list>
#include "tensorflow/c/eager/c_api.h"

namespace cotrain {
extern thread_local TFE_Context* newest_context;
}

#ifndef _WIN32
#include <signal.h>

namespace {
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigfillset(&held);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) sigdelset(&held, fault);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};
}  // namespace
#else
namespace {
struct HeldSignals {};
}  // namespace
#endif

extern "C" void cotrain_TFE_Execute(TFE_Op* op, TFE_TensorHandle** results, int* count, TF_Status* status) {
  const HeldSignals held{};
  TFE_Execute(op, results, count, status);
}

extern "C" TFE_Context* cotrain_TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status) {
  const HeldSignals held{};
  return cotrain::newest_context = TFE_NewContext(options, status);
}
`

export const HOLD_SIGNALS_FLAGS = [
  '-DTFE_Execute=cotrain_TFE_Execute',
  '-DTFE_NewContext=cotrain_TFE_NewContext',
] as const

/** How a binding finds the library: at run time among what has been loaded (see open-binding.ts), linked to nothing. */
const LINKING = 'found when loaded'

/** Tells bindings that were compiled in another way apart. */
export const bindingDigest = (): string => shortSha256(HOLD_SIGNALS_SOURCE + GRAPH_FUNCTIONS_SOURCE + LINKING)
