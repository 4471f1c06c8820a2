# The image of every Airflow part in docker-compose.yml. Built from the project's own hashed lock, wheels only, so that
# the cluster runs what the tests ran; Airflow's own image would bring other versions of the same packages.
FROM python:3.11-slim

# Installed before the code is copied: a change of code does not install again.
WORKDIR /opt/newshouse
COPY requirements-cluster.txt .
RUN pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements-cluster.txt -c requirements-cluster.txt

COPY dags dags
COPY plugins plugins
COPY include include

# The group is root's and may write, so that the container can run under the user id that owns the data folder.
ENV AIRFLOW_HOME=/opt/airflow PYTHONPATH=/opt/newshouse/include PYTHONUNBUFFERED=1
RUN mkdir -p /opt/airflow/logs && chmod -R g+rwX /opt/airflow
USER 50000:0
WORKDIR /opt/airflow
