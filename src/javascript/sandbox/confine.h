// What the JavaScript process gives up before it sees foreign code: descriptors, memory without end, and all
// system calls but those that SpiderMonkey needs to go on in the memory it may have.
#pragma once

namespace landfall::javascript {

// To be called once SpiderMonkey has started (its threads are confined as well). False: it did not work, and
// nothing may be run.
bool confine(int socket);

}  // namespace landfall::javascript
