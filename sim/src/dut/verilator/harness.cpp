// The C interface between Rust and the C++ that Verilator makes of the top module, under the name Vtern_core whatever the
// module is called; compiled together with it.
// Every Verilator integer type is little-endian words of the value, so that values are copied as bytes.
#include "Vtern_core.h"
#include "verilated.h"
#include "verilated_syms.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the harness copies values as little-endian bytes");
#define EXPORT extern "C" __attribute__((visibility("default")))

struct Inputs {
    uint64_t s_axis_tdata[4];
    bool reset, s_axis_tvalid, s_axis_tlast, m_axis_tready, w_axis_tvalid;
    uint8_t w_axis_tdata;
};

struct Outputs {
    uint64_t m_axis_tdata[4];
    bool s_axis_tready, m_axis_tvalid, m_axis_tlast, w_axis_tready;
};

struct Memory {
    std::string instance;
    uint8_t* data;
    uint64_t bytes_per_word;
    uint32_t width, depth;
};

// What Verilator's library calls where a simulation cannot go on, such as one that does not settle, in place of its own
// function, which ends the process.
struct Fatal {
    std::string why;
};
void vl_fatal(const char*, int, const char*, const char* message) { throw Fatal{message}; }

#if VM_TRACE
// The file of a waveform. What it cannot take is told in `fault` and counts as written: at an error the library would close
// the file in the middle of what it writes, a head of many buffers among it, and would call vl_fatal where nothing may be thrown.
struct WaveFile final : VerilatedVcdFile {
    explicit WaveFile(std::string& told) : fault(told) {}
    ssize_t write(const char* bytes, ssize_t count) override {
        if (lost) return count;
        const ssize_t taken = VerilatedVcdFile::write(bytes, count);
        if (taken >= 0 || errno == EAGAIN || errno == EINTR) return taken;
        lost = true;
        if (fault.empty()) fault = std::string("the waveform cannot be written: ") + std::strerror(errno);
        return count;
    }
    std::string& fault;
    bool lost = false;
};
#endif

struct Simulation {
    std::string fault;  // why the simulation has ended, if it has
    VerilatedContext context;
    std::unique_ptr<Vtern_core> core;
    std::vector<Memory> memories;
#if VM_TRACE
    std::unique_ptr<WaveFile> wave;
    std::unique_ptr<VerilatedVcdC> trace;  // writes to `wave`
#endif
};

static void settle(Simulation* simulation) {
    if (!simulation->fault.empty()) return;
    try {
        simulation->core->eval();
    } catch (const Fatal& fatal) {
        simulation->fault = fatal.why;
    }
#if VM_TRACE
    if (simulation->trace) simulation->trace->dump(simulation->context.time());
#endif
    simulation->context.timeInc(1);
}

// The width of a memory's words: entBits() in new versions of Verilator, packed() in old ones.
template <class Variable> auto word_width(const Variable& variable, int) -> decltype(variable.entBits()) {
    return variable.entBits();
}
template <class Variable> auto word_width(const Variable& variable, long) -> decltype(variable.packed().elements()) {
    return variable.packed().elements();
}

// The load port, of a core that has one.
template <class Core> auto set_load(Core& core, const Inputs& in, int) -> decltype(core.w_axis_tdata, void()) {
    core.w_axis_tdata = in.w_axis_tdata;
    core.w_axis_tvalid = in.w_axis_tvalid;
}
template <class Core> void set_load(Core&, const Inputs&, long) {}
template <class Core> auto load_ready(const Core& core, int) -> decltype(core.w_axis_tready, bool()) { return core.w_axis_tready; }
template <class Core> bool load_ready(const Core&, long) { return false; }

// A new simulation with clock and inputs low and all initial blocks run; registers without one start with random bits.
EXPORT Simulation* tern_new(const char* trace_path) {
    auto* simulation = new Simulation;
    Verilated::threadContextp(&simulation->context);
    simulation->context.threads(1);
    simulation->context.randReset(2);
    simulation->context.randSeed(1);
#if VM_TRACE
    simulation->context.traceEverOn(true);
#endif
    simulation->core.reset(new Vtern_core(&simulation->context));
#if VM_TRACE
    if (trace_path) {
        simulation->wave.reset(new WaveFile(simulation->fault));
        simulation->trace.reset(new VerilatedVcdC(simulation->wave.get()));
        simulation->core->trace(simulation->trace.get(), 99);
        simulation->trace->open(trace_path);
    }
#else
    (void)trace_path;
#endif
    Vtern_core& core = *simulation->core;
    core.clock = core.reset = core.s_axis_tvalid = core.s_axis_tlast = core.m_axis_tready = 0;
    memset(&core.s_axis_tdata, 0, sizeof core.s_axis_tdata);
    set_load(core, Inputs{}, 0);
    settle(simulation);
    for (const auto& scope : *simulation->context.scopeNameMap()) {
        const std::string name = scope.first;  // TOP.<top module>.<instance path>
        const size_t below = name.find('.', name.find('.') + 1);
        VerilatedVar* variable = scope.second->varFind("mem");
        if (!variable || variable->udims() != 1 || below == std::string::npos) continue;
        simulation->memories.push_back({name.substr(below + 1), static_cast<uint8_t*>(variable->datap()), variable->entSize(),
                                        static_cast<uint32_t>(word_width(*variable, 0)),
                                        static_cast<uint32_t>(variable->elements(1))});
    }
    return simulation;
}

// Ends the waveform, if there is one: what cannot be written is a fault.
EXPORT void tern_close(Simulation* simulation) {
#if VM_TRACE
    if (simulation->trace) simulation->trace->close();
#else
    (void)simulation;
#endif
}

EXPORT void tern_delete(Simulation* simulation) {
    Verilated::threadContextp(&simulation->context);  // the core's destructor looks its scopes up there
    if (simulation->fault.empty()) simulation->core->final();
    tern_close(simulation);
    delete simulation;
}

EXPORT void tern_cycle(Simulation* simulation, const Inputs* in, Outputs* out) {
    Verilated::threadContextp(&simulation->context);
    Vtern_core& core = *simulation->core;
    core.clock = 0;
    core.reset = in->reset;
    memcpy(&core.s_axis_tdata, in->s_axis_tdata, sizeof core.s_axis_tdata);
    core.s_axis_tvalid = in->s_axis_tvalid;
    core.s_axis_tlast = in->s_axis_tlast;
    core.m_axis_tready = in->m_axis_tready;
    set_load(core, *in, 0);
    settle(simulation);
    memset(out->m_axis_tdata, 0, sizeof out->m_axis_tdata);
    memcpy(out->m_axis_tdata, &core.m_axis_tdata, sizeof core.m_axis_tdata);
    out->s_axis_tready = core.s_axis_tready;
    out->m_axis_tvalid = core.m_axis_tvalid;
    out->m_axis_tlast = core.m_axis_tlast;
    out->w_axis_tready = load_ready(core, 0);
    core.clock = 1;
    settle(simulation);
}

// Why the simulation has ended, null if it has not. The ports keep their values from then on.
EXPORT const char* tern_fault(const Simulation* simulation) {
    return simulation->fault.empty() ? nullptr : simulation->fault.c_str();
}

// The instance path of memory `index` below the top module, null behind the last one.
EXPORT const char* tern_memory(Simulation* simulation, size_t index, uint32_t* width, uint32_t* depth) {
    if (index >= simulation->memories.size()) return nullptr;
    const Memory& memory = simulation->memories[index];
    *width = memory.width;
    *depth = memory.depth;
    return memory.instance.c_str();
}

// `word` holds at least the memory's width; `address` is below its depth: the caller has checked both.
EXPORT void tern_write(Simulation* simulation, size_t index, uint32_t address, const uint64_t* word) {
    const Memory& memory = simulation->memories[index];
    memcpy(memory.data + address * memory.bytes_per_word, word, memory.bytes_per_word);
}

EXPORT void tern_read(Simulation* simulation, size_t index, uint32_t address, uint64_t* word) {
    const Memory& memory = simulation->memories[index];
    memcpy(word, memory.data + address * memory.bytes_per_word, memory.bytes_per_word);
}
