// A button that moves a slider on.

/** Moves `slider` on `perSecond()` times a second while `button` is pressed; calls `show` whenever it moves. */
export function player({ button, slider, perSecond, show }) {
  let timer = null;
  const set = (value) => {
    slider.value = value;
    show(Number(slider.value));
  };
  const stop = () => {
    clearTimeout(timer);
    timer = null;
    button.textContent = "Play";
    button.setAttribute("aria-pressed", "false");
  };
  const tick = () => {
    if (Number(slider.value) >= Number(slider.max)) return stop();
    set(Number(slider.value) + 1);
    timer = setTimeout(tick, 1000 / perSecond());
  };
  const play = () => {
    if (Number(slider.value) >= Number(slider.max)) set(slider.min);
    button.textContent = "Pause";
    button.setAttribute("aria-pressed", "true");
    timer = setTimeout(tick, 1000 / perSecond());
  };
  button.addEventListener("click", () => (timer === null ? play() : stop()));
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  return { set, stop, play };
}

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
