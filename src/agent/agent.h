// `landfall agent`: what makes an instance of an Elastic Beanstalk environment serve. Runs as root inside the
// instance, started by the user data; reads kDocumentPath, fetches and unpacks the source bundle, runs the
// Procfile's `web` process and is the reverse proxy before it.
#pragma once

namespace landfall::agent {

int run_agent(int argc, char** argv);  // main(); argv[0] is "agent"

}  // namespace landfall::agent
