// SSM Parameter Store has no reconciler: everything that it does, its operations do. Other services read a
// parameter by its operation, in process: ssm::GetParameter(call.as_service(...), {...}).
#pragma once
