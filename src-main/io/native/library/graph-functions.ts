/**
 * Compiled into the binding too: lets JavaScript write a graph of operations, register it as a function and run it as one
 * operation. `addFunction` and `removeFunction` come to the exports of the binding, which is compiled with
 * napi_define_properties renamed to what is defined here (see GRAPH_FUNCTIONS_FLAGS).
 */
export const GRAPH_FUNCTIONS_SOURCE = `#undef napi_define_properties
#include <node_api.h>
#include <string>
#include <vector>
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

namespace cotrain {
// The context of this thread's instance of the binding: it is made right before the exports are.
thread_local TFE_Context* newest_context = nullptr;

namespace {
struct Status {
  TF_Status* status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  bool ok() const { return TF_GetCode(status) == TF_OK; }
};

std::string Text(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\\0');
  napi_get_value_string_utf8(env, value, text.data(), length + 1, &length);
  return text;
}

std::vector<std::string> Texts(napi_env env, napi_value array) {
  uint32_t length = 0;
  napi_get_array_length(env, array, &length);
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    napi_get_element(env, array, i, &element);
    texts.push_back(Text(env, element));
  }
  return texts;
}

napi_value Throw(napi_env env, const std::string& message) {
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}

// "node:2" is the third output of a node, "node" its first.
TF_Output OutputOf(TF_Graph* graph, const std::string& text) {
  const size_t colon = text.rfind(':');
  const int index = colon == std::string::npos ? 0 : std::stoi(text.substr(colon + 1));
  return {TF_GraphOperationByName(graph, text.substr(0, colon).c_str()), index};
}

// addFunction(name, graph: Uint8Array of a GraphDef, inputs: names of placeholders, outputs: "node:index",
// controls: nodes that run although no output needs them)
napi_value AddFunction(napi_env env, napi_callback_info info) {
  size_t count = 5;
  napi_value args[5];
  void* context = nullptr;
  napi_get_cb_info(env, info, &count, args, nullptr, &context);
  void* bytes = nullptr;
  size_t size = 0;
  napi_typedarray_type type;
  if (count < 5 || napi_get_typedarray_info(env, args[1], &type, &size, &bytes, nullptr, nullptr) != napi_ok)
    return Throw(env, "addFunction(name, graph, inputs, outputs, controls)");
  const std::string name = Text(env, args[0]);
  Status status;
  TF_Graph* graph = TF_NewGraph();
  TF_Buffer* definition = TF_NewBufferFromString(bytes, size);
  TF_ImportGraphDefOptions* options = TF_NewImportGraphDefOptions();
  TF_GraphImportGraphDef(graph, definition, options, status.status);
  TF_DeleteImportGraphDefOptions(options);
  TF_DeleteBuffer(definition);
  TF_Function* function = nullptr;
  if (status.ok()) {
    std::vector<TF_Output> inputs, outputs;
    for (const auto& text : Texts(env, args[2])) inputs.push_back(OutputOf(graph, text));
    for (const auto& text : Texts(env, args[3])) outputs.push_back(OutputOf(graph, text));
    const std::vector<std::string> names = Texts(env, args[4]);
    std::vector<const TF_Operation*> controls;
    std::vector<const char*> control_names;
    for (const auto& text : names) {
      controls.push_back(TF_GraphOperationByName(graph, text.c_str()));
      control_names.push_back(text.c_str());
    }
    function = TF_GraphToFunctionWithControlOutputs(
        graph, name.c_str(), 0, -1, nullptr, static_cast<int>(inputs.size()), inputs.data(),
        static_cast<int>(outputs.size()), outputs.data(), nullptr, static_cast<int>(controls.size()), controls.data(),
        control_names.data(), nullptr, nullptr, status.status);
  }
  if (status.ok()) TFE_ContextAddFunction(static_cast<TFE_Context*>(context), function, status.status);
  if (function != nullptr) TF_DeleteFunction(function);
  TF_DeleteGraph(graph);
  if (!status.ok()) return Throw(env, std::string("the graph of a step was refused: ") + TF_Message(status.status));
  return nullptr;
}

napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value args[1];
  void* context = nullptr;
  napi_get_cb_info(env, info, &count, args, nullptr, &context);
  Status status;
  TFE_ContextRemoveFunction(static_cast<TFE_Context*>(context), Text(env, args[0]).c_str(), status.status);
  if (!status.ok()) return Throw(env, TF_Message(status.status));
  return nullptr;
}
}  // namespace
}  // namespace cotrain

extern "C" napi_status cotrain_napi_define_properties(napi_env env, napi_value object, size_t count,
                                                      const napi_property_descriptor* properties) {
  if (count > 1) {
    void* context = cotrain::newest_context;
    const napi_property_descriptor own[] = {
        {"addFunction", nullptr, cotrain::AddFunction, nullptr, nullptr, nullptr, napi_default, context},
        {"removeFunction", nullptr, cotrain::RemoveFunction, nullptr, nullptr, nullptr, napi_default, context},
    };
    const napi_status status = napi_define_properties(env, object, 2, own);
    if (status != napi_ok) return status;
  }
  return napi_define_properties(env, object, count, properties);
}
`

export const GRAPH_FUNCTIONS_FLAGS = ['-Dnapi_define_properties=cotrain_napi_define_properties'] as const
