// Where the device is, into the form's own fields, when the person asks for it.
"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-spot]");
  if (!button) return;
  const form = button.form;
  const said = form.querySelector("[data-spot-said]");
  const failed = () => { said.textContent = said.dataset.failed; };
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition((found) => {
    form.elements.latitude.value = found.coords.latitude.toFixed(6);
    form.elements.longitude.value = found.coords.longitude.toFixed(6);
    said.textContent = said.dataset.done;
  }, failed, { enableHighAccuracy: true, timeout: 20000 });
});
