// Joins the pins of a verilated card to plain C structures. The lines at @...@ are made from the port table of wrapper.rs.
#include <cstdint>
#include <memory>
#include "verilated.h"
#include "Vcard.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

struct Inputs {
@INPUTS@
};
struct Outputs {
@OUTPUTS@
};

struct Card {
  std::unique_ptr<VerilatedContext> context{new VerilatedContext};
  std::unique_ptr<Vcard> top;
#if VM_TRACE
  std::unique_ptr<VerilatedVcdC> vcd;
#endif
  void settle() {
    top->eval();
#if VM_TRACE
    if (vcd) vcd->dump(context->time());
#endif
    context->timeInc(1);
  }
};

extern "C" Card* card_new(const char* vcd) {
  auto card = std::make_unique<Card>();
#if VM_TRACE
  card->context->traceEverOn(vcd != nullptr);
#endif
  card->top.reset(new Vcard{card->context.get()});
#if VM_TRACE
  if (vcd) {
    card->vcd.reset(new VerilatedVcdC);
    card->top->trace(card->vcd.get(), 99);
    card->vcd->open(vcd);
  }
#else
  (void)vcd;
#endif
  card->top->clock = 0;
  card->settle();
  return card.release();
}

extern "C" void card_delete(Card* card) {
#if VM_TRACE
  if (card->vcd) card->vcd->close();
#endif
  card->top->final();
  delete card;
}

extern "C" void card_select(Card* card, uint32_t mutation) {
@SELECT@
}

extern "C" void card_clock(Card* card, const Inputs* in, Outputs* out) {
  Vcard& top = *card->top;
@DRIVE@
  top.clock = 0;
  card->settle();
  top.clock = 1;
  card->settle();
@SAMPLE@
}
