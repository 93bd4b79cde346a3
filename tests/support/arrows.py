"""What each file of the engine may import of it: the arrows that test_architecture.py holds the files to."""

# What each file may import of the engine, besides errors; a name stands for all that it may import too.
ARROWS = {
    # the ground
    "errors": [], "quoting": [], "source_lines": [], "files": [], "stubs": ["graph.operator_writer"],
    "locks": [], "former_names": ["locks"],
    # ops
    "ops.ieee": [], "ops.exact": [], "ops.generated_code": [], "ops.elementwise": [], "ops.in_place": [],
    "ops.primitives": ["ops.ieee", "ops.generated_code", "ops.elementwise"], "ops.plain_calls": ["ops.primitives"],
    "ops.constant_forms": ["ops.primitives"],
    "ops.approximations": [], "ops.table": ["ops.approximations", "ops.constant_forms", "ops.exact"],
    "ops.internal": ["ops.table"],
    "ops.array_calls": ["ops.table", "ops.plain_calls", "ops.in_place"], "ops.comparisons": ["ops.plain_calls"],
    "ops.operand": ["ops.array_calls", "ops.comparisons"],
    "ops.symbolic": ["ops.operand"], "ops.printer": ["ops.symbolic"], "ops.free_variables": ["ops.operand"],
    "ops.formula_dependencies": ["ops.free_variables"], "ops.formulas": ["ops.printer", "ops.formula_dependencies"],
    # graph
    "graph.context": ["source_lines"], "graph.backward": [], "graph.forward_sweep": [],
    "graph.ancestry": ["ops.operand"],
    "graph.operators": ["graph.ancestry", "graph.context"], "graph.quiet_writer": ["ops.formulas"],
    "graph.operator_writer": ["graph.quiet_writer"], "graph.pickling":
    ["graph.ancestry"], "graph.value": ["graph.operators", "graph.context", "graph.backward", "graph.pickling",
    "ops.formulas"], "graph.instrumentation": ["graph.value", "locks"], "graph.assignment": ["graph.value"],
    # transforms
    "transforms.presence": ["transforms.pytree", "ops.internal"], "transforms.arrays": [], "transforms.containers":
    ["ops.operand"], "transforms.pytree": ["transforms.containers", "transforms.arrays", "graph.context"],
    "transforms.derivative_layout": ["transforms.pytree"],
    "transforms.higher_order": ["graph.value", "graph.forward_sweep", "transforms.pytree", "transforms.presence"],
    "transforms.reverse": ["transforms.higher_order", "transforms.derivative_layout"],
    "transforms.dual_operators": ["ops.operand"],
    "transforms.dual": ["transforms.dual_operators", "transforms.presence"],
    "transforms.float_dual": ["transforms.dual", "graph.instrumentation"],
    "transforms.forward": ["transforms.derivative_layout", "transforms.float_dual"],
    # diagnostics
    "diagnostics.caller_names": ["graph.value"], "diagnostics.listed_paths": ["diagnostics.caller_names"],
    "diagnostics.routes": ["diagnostics.listed_paths"], "diagnostics.numeric": ["ops.operand"],
    "diagnostics.gradient_check":
    ["graph.value", "transforms.reverse", "transforms.forward", "diagnostics.numeric"], "diagnostics.anomalies":
    ["graph.instrumentation", "transforms.forward", "transforms.higher_order", "source_lines"],
    # program
    "program.program": ["ops.symbolic"], "program.recorded_formulas": ["ops.symbolic", "ops.formula_dependencies"],
    "program.emit": ["ops.printer", "program.recorded_formulas"], "program.booleans": ["ops.table"],
    "program.aliases": ["program.recorded_formulas", "program.program", "ops.internal"], "program.sweep":
    ["transforms.presence", "program.program"], "program.nested": ["program.program", "transforms.pytree"],
    "program.first_results": ["program.nested", "ops.internal"],
    "program.reverse_sweep": ["program.sweep", "program.aliases", "program.first_results"],
    "program.forward_sweep": ["program.sweep", "program.nested"], "program.builder": ["program.emit", "program.program",
    "program.booleans", "ops.internal"], "program.simplification": ["program.builder", "program.calls", "program.ahead",
    "program.replay", "program.rows"], "program.rows": ["program.nested"], "program.replay": ["program.nested"],
    "program.ahead": ["program.nested"],
    "program.unrolling": ["program.replay", "program.rolled", "ops.formula_dependencies"],
    "program.tape": ["program.conditions", "program.calls"],
    "program.adjoint_bodies": ["program.reverse_sweep", "program.tape"], "program.loop_reading":
    ["program.adjoint_bodies"], "program.shared_carries": ["program.loop_reading"], "program.loop_gradients":
    ["program.shared_carries"], "program.loop_tangents": ["program.loop_reading", "program.forward_sweep"],
    "program.gc_pause": [], "program.conditions": ["ops.internal"], "program.gradients": ["program.loop_gradients",
    "program.loop_tangents", "program.gc_pause", "program.repeat_gradient"], "program.recent_results": [
    "program.nested", "ops.formula_dependencies"], "program.calls":
    ["program.emit", "program.program"],
    "program.repetitions": ["program.nested"], "program.alignment": ["program.repetitions", "ops.formula_dependencies"],
    "program.rolled": ["program.nested"], "program.reroll": ["program.alignment", "program.rolled", "program.gc_pause"],
    "program.recomputed": ["program.rolled", "program.calls"],
    "program.body_sweep": ["program.rolled", "program.reverse_sweep", "program.tape"],
    "program.repeat_gradient": ["program.body_sweep"],
    # lower
    "lower.schedule": ["program.program"], "lower.layout": [], "lower.row_after_row": [],
    "lower.code_cache": ["files", "source_lines"],
    "lower.recent_code": ["program.recent_results"], "lower.backend": ["lower.reordering", "lower.matrices",
    "lower.layout", "lower.recent_code", "lower.row_after_row", "locks", "program.simplification", "lower.looped",
    "program.recomputed", "program.gc_pause"], "lower.repeat_loops": ["program.rolled", "program.calls"],
    "lower.looped": ["lower.repeat_loops", "program.reroll"],
    "lower.python": ["lower.backend", "ops.generated_code"],
    "lower.c": ["lower.schedule", "program.simplification", "program.unrolling", "program.rolled"], "lower.numpy":
    ["lower.schedule", "program.simplification", "program.unrolling", "program.rolled"], "lower.jax_blocks": [],
    "lower.jax_loops": ["lower.jax_blocks", "lower.schedule", "program.nested"], "lower.jax_replay":
    ["lower.jax_loops"], "lower.jax_steps": ["lower.jax_replay", "lower.numpy", "program.replay"], "lower.jax":
    ["lower.jax_steps"],
    # lower.llvm
    "lower.hoisting": ["program.program"], "lower.reordering": ["lower.schedule"],
    "lower.matrices": ["program.nested"],
    "lower.llvm.spellings": [], "lower.llvm.loop_texts": [],
    "lower.llvm.loop_places": ["lower.llvm.loop_texts", "program.replay"], "lower.llvm.loops": ["lower.llvm.spellings",
    "lower.llvm.loop_places", "lower.schedule", "program.calls"],
    "lower.llvm.kernel": ["lower.llvm.spellings", "lower.schedule", "program.calls", "program.nested"],
    "lower.llvm.lane_loops": ["lower.llvm.lanes", "lower.llvm.loops"],
    "lower.llvm.nested_lanes": ["lower.llvm.lane_loops"], "lower.llvm.suited_loops": ["lower.llvm.loop_places"],
    "lower.llvm.nested_kernel": ["lower.llvm.kernel", "lower.llvm.loops", "lower.llvm.placement"],
    "lower.llvm.split_sums": ["program.rolled"], "lower.llvm.scatter": ["lower.llvm.split_sums"],
    "lower.llvm.vectors": ["lower.llvm.processor", "lower.llvm.spellings", "lower.schedule",
    "program.calls", "program.rolled"], "lower.llvm.repeats": ["lower.llvm.scatter", "lower.llvm.vectors"],
    "lower.llvm.laned_repeats": ["lower.llvm.scatter", "lower.llvm.vectors", "lower.reordering",
    "program.simplification"], "lower.llvm.placement": ["lower.llvm.repeats", "lower.llvm.laned_repeats"],
    "lower.llvm.arrays": [], "lower.llvm.structures": ["lower.llvm.arrays"],
    "lower.llvm.objects": ["lower.llvm.arrays", "lower.llvm.structures"],
    "lower.llvm.entries": ["lower.layout"], "lower.llvm.processor": ["lower.llvm.symbols"], "lower.llvm.symbols": [],
    "lower.llvm.lanes": ["lower.llvm.kernel", "lower.llvm.processor", "program.simplification"],
    "lower.llvm.columns": [], "lower.llvm.ordered_sums": ["lower.llvm.lanes"], "lower.llvm.tiles": ["lower.llvm.lanes",
    "lower.llvm.columns", "lower.llvm.ordered_sums", "lower.llvm.objects", "lower.llvm.matrices"],
    "lower.llvm.matrix_loops": ["lower.llvm.ordered_sums"], "lower.llvm.matrix_functions": ["lower.llvm.matrix_loops"],
    "lower.llvm.matrices": ["lower.llvm.matrix_functions", "lower.llvm.objects", "lower.matrices"],
    "lower.llvm.lane_interpreter": ["lower.llvm.lanes"], "lower.llvm.lane_steps": ["lower.llvm.lane_interpreter"],
    "lower.llvm.batch_entry": ["lower.llvm.native"], "lower.llvm.native_lanes": ["lower.llvm.batch_entry",
    "lower.llvm.tiles", "lower.llvm.lane_steps", "lower.llvm.nested_lanes", "lower.hoisting", "lower.reordering",
    "lower.repeat_loops", "program.gc_pause"],
    "lower.llvm.functions": ["lower.llvm.kernel"], "lower.llvm.interpreter": ["lower.llvm.kernel", "program.nested"],
    "lower.llvm.native": ["lower.llvm.nested_kernel", "lower.llvm.functions", "lower.llvm.interpreter",
    "lower.llvm.objects", "lower.llvm.entries", "lower.llvm.processor", "lower.llvm.symbols", "lower.code_cache",
    "locks"], "lower.llvm.backend": ["lower.backend", "lower.llvm.native", "lower.llvm.native_lanes",
    "lower.llvm.suited_loops"],
    # compiler
    "compiler.recorder": ["graph.instrumentation", "source_lines", "ops.internal"],
    "compiler.tracing": ["compiler.recorder", "transforms.pytree", "program.program", "program.gc_pause"],
    "compiler.loop_numbers": ["graph.value", "lower.backend", "program.nested"],
    "compiler.traced_gradients": ["transforms.higher_order", "program.gradients", "compiler.recorder",
    "compiler.loop_numbers"],
    "compiler.captured_storage": [], "compiler.memory_snapshots": [], "compiler.generator_state": [],
    "compiler.python_objects": [], "compiler.captured_state": ["compiler.captured_storage",
    "compiler.memory_snapshots", "compiler.generator_state", "compiler.python_objects", "source_lines", "graph.value"],
    "compiler.captured_values": ["compiler.captured_state"], "compiler.nondeterminism": ["compiler.captured_state"],
    "compiler.environment": ["compiler.nondeterminism"], "compiler.derivatives": ["compiler.tracing",
    "compiler.traced_gradients", "program.simplification", "program.recent_results", "program.reroll",
    "transforms.reverse", "compiler.nondeterminism"],
    "compiler.executable": ["locks", "transforms.pytree", "program.simplification", "program.gradients",
    "lower.backend"], "compiler.signature": ["transforms.pytree", "lower.layout"],
    "compiler.layout": ["compiler.tracing", "lower.layout"],
    "compiler.interpreter": ["compiler.tracing", "program.calls", "program.nested", "transforms.reverse"],
    "compiler.row_tables": ["lower.backend", "lower.row_after_row"], "compiler.buffers": ["compiler.signature",
    "compiler.row_tables", "graph.value"], "compiler.methods": ["transforms.pytree", "graph.value"],
    "compiler.static_arguments": ["transforms.reverse"], "compiler.verify":
    ["compiler.derivatives", "compiler.methods", "compiler.interpreter"], "compiler.specializations":
    ["compiler.signature", "compiler.layout", "compiler.executable", "compiler.interpreter",
    "compiler.captured_values", "compiler.version_budget", "program.reroll"],
    "compiler.version_budget": ["source_lines"],
    "compiler.bound_methods": ["compiler.methods", "compiler.specializations"],
    "compiler.programs": ["compiler.specializations"], "compiler.new_specialization":
    ["compiler.derivatives", "compiler.specializations", "compiler.methods"], "compiler.specialized":
    ["compiler.bound_methods", "compiler.programs"], "compiler.jitted":
    ["compiler.new_specialization", "compiler.specialized", "compiler.buffers", "compiler.verify",
    "compiler.static_arguments"], "compiler.decorator": ["compiler.jitted"],
    # batch
    "batch.in_axes": ["transforms.containers"], "batch.columns": ["batch.in_axes", "transforms.derivative_layout"],
    "batch.streams": ["batch.in_axes", "transforms.arrays"], "batch.reader": ["batch.in_axes", "batch.columns"],
    "batch.arguments": ["batch.reader", "compiler.signature"], "batch.results": ["transforms.pytree"],
    "batch.turns": ["program.nested"],
    "batch.version": ["batch.results", "batch.turns", "compiler.specializations"], "batch.threads": [],
    "batch.run": ["batch.arguments", "batch.threads", "batch.version", "compiler.new_specialization"],
    "batch.rowwise": ["batch.reader", "batch.results", "compiler.interpreter", "compiler.derivatives"],
    "batch.reduction": ["batch.run", "batch.rowwise"], "batch.recent": ["batch.arguments"],
    "batch.direct": ["batch.run", "lower.layout"], "batch.packets": ["lower.backend"],
    "batch.memory_file": [], "batch.nearby": ["batch.memory_file", "batch.packets"],
    "batch.worker": ["batch.memory_file", "batch.packets", "batch.run"],
    "batch.remote": ["batch.nearby", "batch.worker", "source_lines"], "batch.pickling": ["batch.version"],
    "batch.batched": ["batch.reduction", "batch.recent", "batch.direct", "batch.streams", "batch.remote",
    "batch.pickling", "compiler.jitted"],
    "batch.vectorize": ["batch.batched", "compiler.traced_gradients", "transforms.reverse"],
    "batch.result_structures": ["transforms.pytree"],
    "batch.scanned": ["batch.result_structures", "compiler.signature"],
    "batch.dual_parts": ["transforms.float_dual"], "batch.iterations":
    ["batch.dual_parts", "batch.scanned", "graph.value", "ops.internal", "program.replay"], "batch.probing":
    ["lower.backend"], "batch.loop_tracing": ["batch.iterations", "batch.probing", "compiler.loop_numbers",
    "compiler.tracing"], "batch.open_lists": ["batch.loop_tracing"], "batch.loops": ["batch.open_lists"],
}
