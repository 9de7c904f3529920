// A spoken word as samples at 8 kHz in one channel.

const RATE = 8000;
const SECONDS = 1.5;
/** Peak that a word is brought to, a fraction of full scale. */
const PEAK = 0.5;
/** What is softer than this part of the peak is no word. */
const SOFT = 0.08;
/** Samples that stay before and after the word. */
const MARGIN = 240;

/** Records from the microphone, and gives the word as samples in [-1, 1]. */
export async function record() {
  if (!navigator.mediaDevices) throw new Error("this browser gives no microphone to pages that are not served over HTTPS or from localhost");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch((error) => {
    throw new Error(`the microphone cannot be used: ${error.message}`);
  });
  try {
    const recorder = new MediaRecorder(stream);
    const parts = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.start();
    setTimeout(() => recorder.stop(), SECONDS * 1000);
    await stopped;
    // A context of that rate resamples what it decodes.
    const context = new OfflineAudioContext(1, 1, RATE);
    const sound = await context.decodeAudioData(await new Blob(parts).arrayBuffer());
    return word(Float64Array.from(sound.getChannelData(0)));
  } finally {
    stream.getTracks().forEach((track) => track.stop());
  }
}

/** The samples from where the sound begins to where it ends, as loud as the recordings of the training set. */
function word(samples) {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  if (peak < 0.002) throw new Error("the microphone gave silence");
  const loud = (sample) => Math.abs(sample) >= SOFT * peak;
  const first = Math.max(samples.findIndex(loud) - MARGIN, 0);
  const last = Math.min(samples.findLastIndex(loud) + MARGIN, samples.length);
  return samples.slice(first, last).map((sample) => (sample * PEAK) / peak);
}
