"use strict";
document.getElementById("status").textContent = "Loaded from " + location.hostname + " at " + new Date().toLocaleTimeString() + ".";
