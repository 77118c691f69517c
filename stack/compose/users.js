// Makes mongod a replica set of one member, and one user for each service, who may use that service's database and no
// other. It runs at every start of compose, so that a changed password is taken over.

const SERVICES = ['customer', 'sales', 'marketing', 'service_desk', 'telephony', 'reporting'];
const deadline = Date.now() + 120_000;

function until(what, probe) {
  for (;;) {
    try {
      const found = probe();
      if (found) return found;
    } catch (problem) {
      if (Date.now() > deadline) throw problem;
    }
    if (Date.now() > deadline) throw new Error(`Waited too long: ${what}.`);
    sleep(200);
  }
}

const admin = until('mongod answers', () => (
  new Mongo('mongodb://127.0.0.1:27017/?directConnection=true&serverSelectionTimeoutMS=2000').getDB('admin')
));

if (!admin.hello().setName) {
  const started = admin.runCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongodb:27017' }] } });
  if (!started.ok && started.codeName !== 'AlreadyInitialized') throw new Error(started.errmsg);
}
until('mongod takes writes', () => admin.hello().isWritablePrimary);

try {
  admin.auth('admin', process.env.ADMIN_PASSWORD);
} catch {
  // As long as there is no user at all, mongod lets the first one be made without a password, from its own address.
  try {
    admin.createUser({ user: 'admin', pwd: process.env.ADMIN_PASSWORD, roles: ['root'] });
  } catch {
    print('MongoDB refuses ADMIN_PASSWORD of .env: its data was made with another one. Put that one back.');
    quit(1);
  }
  admin.auth('admin', process.env.ADMIN_PASSWORD);
}

for (const service of SERVICES) {
  const user = { pwd: process.env[`${service.toUpperCase()}_PASSWORD`], roles: [{ role: 'readWrite', db: `crm_${service}` }] };
  if (admin.getUser(service)) admin.updateUser(service, user);
  else admin.createUser({ user: service, ...user });
}
print('The replica set and its users are there.');
